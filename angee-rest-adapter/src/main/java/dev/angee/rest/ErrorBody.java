package dev.angee.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;

/** What went wrong, as it is sent; only {@code error} is always there. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record ErrorBody(
        String kind,
        String name,
        String field,
        String reason,
        @JsonInclude(JsonInclude.Include.ALWAYS) String error) {

    static ErrorBody of(String error) {
        return new ErrorBody("", "", "", "", error);
    }

    static ErrorBody of(AngeeException failure) {
        String error = String.valueOf(failure.getMessage());
        if (failure instanceof NotFoundException missing) {
            return new ErrorBody(missing.kind(), missing.name(), "", "", error);
        }
        if (failure instanceof ConflictException conflict) {
            return new ErrorBody(conflict.kind(), conflict.name(), "", conflict.reason(), error);
        }
        if (failure instanceof InvalidInputException invalid) {
            return new ErrorBody("", "", invalid.field(), invalid.reason(), error);
        }
        return of(error);
    }
}
