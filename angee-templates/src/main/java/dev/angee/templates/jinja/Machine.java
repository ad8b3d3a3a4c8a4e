package dev.angee.templates.jinja;

/**
 * What filters, tests and methods work with.
 *
 * @param budget what may be used up
 * @param text how values are printed
 * @param order which are equal
 * @param strict whether what is undefined is an error where it is used
 */
record Machine(Budget budget, PythonText text, Order order, boolean strict) {
    static Machine with(Budget budget, boolean strict) {
        return new Machine(budget, new PythonText(budget), new Order(budget), strict);
    }

    Undefined undefined(String what) {
        return new Undefined(what, strict);
    }
}
