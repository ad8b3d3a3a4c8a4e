package dev.angee.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;

/**
 * Text as JSON, secrets by name only: a string if it has no secret, else the list of its parts, each {@code {"text": …}} or
 * {@code {"secret": …}}. A string is never anything but literal, whatever it looks like.
 */
final class TextJson {
    private static final String LITERAL = "text";
    private static final String SECRET = "secret";

    private TextJson() {}

    static JsonNode write(Text text) {
        return text.plain().<JsonNode>map(TextNode::new).orElseGet(() -> parts(text));
    }

    /** The parts are spelt in their order. */
    private static ArrayNode parts(Text text) {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        var unused = text.spell(
                literal -> parts.addObject().put(LITERAL, literal).toString(),
                name -> parts.addObject().put(SECRET, name.value()).toString());
        return parts;
    }

    /**
     * Understands what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static Text read(JsonNode json) {
        if (json.isTextual()) {
            return Text.of(json.textValue());
        }
        if (!json.isArray()) {
            throw new IllegalArgumentException("neither a text nor a list of its parts");
        }
        Text text = Text.of("");
        for (JsonNode part : json) {
            text = text.plus(
                    part.has(SECRET)
                            ? Text.secret(new SecretName(part.required(SECRET).textValue()))
                            : Text.of(part.required(LITERAL).textValue()));
        }
        return text;
    }
}
