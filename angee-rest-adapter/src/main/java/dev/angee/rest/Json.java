package dev.angee.rest;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * JSON as existing clients know it. Written: snake_case, map keys in order, a newline at the end. Read: members in any
 * case, unknown ones ignored, {@code null} and absent ones empty, only the first value of a body, no type turned into
 * another.
 */
final class Json {
    /** The most bytes a body may have. */
    static final int LONGEST_BODY = 1024 * 1024;

    private static final ObjectMapper MAPPER = JsonMapper.builder(
                    new JsonFactoryBuilder().characterEscapes(new WireEscapes()).build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .withCoercionConfig(LogicalType.Textual, Json::onlyText)
            .defaultSetterInfo(JsonSetter.Value.construct(Nulls.AS_EMPTY, Nulls.AS_EMPTY))
            .build();

    private Json() {}

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written: " + value.getClass(), e);
        }
    }

    /**
     * Reads a body; an absent one is read like {@code {}}.
     *
     * @throws AngeeException {@code INVALID} if it is too long, malformed or of another shape
     */
    static <T> T read(InputStream body, Class<T> type) {
        byte[] bytes = bytes(body);
        try {
            T value = new String(bytes, StandardCharsets.ISO_8859_1).isBlank() ? null : MAPPER.readValue(bytes, type);
            return value != null ? value : MAPPER.readValue("{}", type);
        } catch (JsonMappingException e) {
            throw invalid("the body does not have the right shape" + place(e), e);
        } catch (JsonProcessingException e) {
            throw invalid("the body is not JSON" + place(e.getLocation()), e);
        } catch (IOException e) {
            throw invalid("the body is not JSON", e);
        }
    }

    private static byte[] bytes(InputStream body) {
        try {
            byte[] bytes = body.readNBytes(LONGEST_BODY + 1);
            if (bytes.length > LONGEST_BODY) {
                throw new AngeeException(ErrorCode.INVALID, "the body is longer than " + LONGEST_BODY + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw invalid("the body did not arrive", e);
        }
    }

    private static void onlyText(MutableCoercionConfig text) {
        text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    }

    /** Where it is, in the words of the body: the parser's own message speaks of classes. */
    private static String place(JsonMappingException e) {
        String member = e.getPath().stream()
                .map(step -> step.getFieldName() != null ? step.getFieldName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining("."))
                .replace(".[", "[");
        return (member.isEmpty() ? "" : ": '" + member + "' has the wrong type") + place(e.getLocation());
    }

    private static String place(@org.jspecify.annotations.Nullable JsonLocation at) {
        return at == null || at.getLineNr() < 1
                ? ""
                : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static AngeeException invalid(String message, IOException cause) {
        return new AngeeException(ErrorCode.INVALID, message, cause);
    }
}
