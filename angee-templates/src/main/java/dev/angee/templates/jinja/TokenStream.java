package dev.angee.templates.jinja;

import dev.angee.templates.jinja.Token.Kind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tokens, one after the other, and how deeply what is read is nested. */
final class TokenStream {
    /** More levels than anybody writes, and fewer than the stack has. */
    private static final int DEPTH = 100;

    private static final int LINKS = 200;

    private final List<Token> tokens;
    private int position;
    private int depth;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(position);
    }

    Token after() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(position);
        if (!token.is(Kind.END)) {
            position++;
        }
        return token;
    }

    boolean skipOperator(String operator) {
        boolean there = peek().isOperator(operator);
        if (there) {
            next();
        }
        return there;
    }

    boolean skipName(String name) {
        boolean there = peek().isName(name);
        if (there) {
            next();
        }
        return there;
    }

    Token expect(Kind kind, String called) {
        if (!peek().is(kind)) {
            throw unexpected("expected " + called);
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("expected '" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("expected '" + name + "'");
        }
    }

    JinjaException unexpected(String expected) {
        return JinjaException.at(peek().place(), expected + ", not " + peek().described());
    }

    int position() {
        return position;
    }

    /** Which of these names there were since a position. */
    Set<String> namesSince(int begin, Set<String> names) {
        return tokens.subList(begin, position).stream()
                .filter(token -> token.is(Kind.NAME) && names.contains(token.text()))
                .map(Token::text)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** One more link of a chain of operators, which is as deep a tree as it is long. */
    int link(int links) {
        if (links >= LINKS) {
            throw JinjaException.at(peek().place(), "is a chain of more than " + LINKS + " operators");
        }
        return links + 1;
    }

    void deeper() {
        if (++depth > DEPTH) {
            throw JinjaException.at(peek().place(), "is nested more than " + DEPTH + " levels deep");
        }
    }

    void shallower() {
        depth--;
    }
}
