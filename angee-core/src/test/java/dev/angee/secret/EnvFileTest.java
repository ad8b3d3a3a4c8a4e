package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.contract.AwkwardValues;
import dev.angee.document.InvalidDocumentException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {
    private static final String KEY = "ANGEE_SECRET_X";
    private static final String CANARY = "canary-4711";

    private static EnvFile parse(String text) {
        return EnvFile.parse(".env", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String value(String written) {
        return parse("X=" + written + "\n").find("X").orElseThrow().reveal();
    }

    private static String text(EnvFile file) {
        return new String(file.content(), StandardCharsets.UTF_8);
    }

    @Test
    void what_the_go_operator_wrote_means_the_same_R7() {
        assertThat(value("\"plain\"")).isEqualTo("plain");
        assertThat(value("\"pa$word ${HOME} $$\"")).isEqualTo("pa$word ${HOME} $$");
        assertThat(value("\"a\\nb\\tc\\rd\\\\e\\\"f\"")).isEqualTo("a\nb\tc\rd\\e\"f");
        assertThat(value("\"\\x01\\x7f\\a\\b\\f\\v\\u2028\\ufeff\\U000e0001\""))
                .isEqualTo("\u0001\u007f\u0007\b\f\u000b\u2028\ufeff\udb40\udc01");
        assertThat(value("\"\\101\\xc3\\xa9ü\"")).isEqualTo("Aéü");
        assertThat(value("\"it's # = `x`\"")).isEqualTo("it's # = `x`");
        assertThat(value("\"\"")).isEmpty();
    }

    @Test
    void what_people_wrote_by_hand_means_the_same_R7() {
        assertThat(value("  plain words  ")).isEqualTo("plain words");
        assertThat(value("a$b${c}")).isEqualTo("a$b${c}");
        assertThat(value("x # part of it")).isEqualTo("x # part of it");
        assertThat(value("`raw \\n \"$x\"`")).isEqualTo("raw \\n \"$x\"");
        assertThat(value("'x'")).isEqualTo("x");
        assertThat(value("\"never closed")).isEqualTo("\"never closed");
        assertThat(value("\"unknown \\q escape\"")).isEqualTo("\"unknown \\q escape\"");
        assertThat(value("\"\\ud800\"")).isEqualTo("\"\\ud800\"");
        assertThat(value("\"a\" and \"b\"")).isEqualTo("\"a\" and \"b\"");
        assertThat(value("a=b=c")).isEqualTo("a=b=c");
        assertThat(value("")).isEmpty();
        assertThat(value("\u00a0x\u2003\r")).isEqualTo("x");
        assertThat(parse(" \t\n# A=1\n  # B=2\n C = 3 \nC=4\n").values()).isEqualTo(Map.of("C", "4"));
    }

    @Test
    void what_the_go_operator_could_not_read_has_the_meaning_compose_gives_it_R7() {
        assertThat(parse("export X=1\n\texport\t Y='2'\nexport=3\n").values())
                .isEqualTo(Map.of("X", "1", "Y", "2", "export", "3"));
        assertThat(value("'two words'")).isEqualTo("two words");
        assertThat(value("'a\\n$b\\\\c\\'d\"'")).isEqualTo("a\\n$b\\\\c'd\"");
        assertThat(value("\"a\\$b\"")).isEqualTo("a$b");
        assertThat(value("\"a\" # why")).isEqualTo("a");
        assertThat(value("'a'\t# why 'not'")).isEqualTo("a");
        assertThat(parse("\ufeffX=1\r\nY=\"2\"\r\n").values()).isEqualTo(Map.of("X", "1", "Y", "2"));
        assertThat(parse("A='one\ntwo=2\r\n\n' # pem\nB=\"x\ny\"\nC=3\n").values())
                .isEqualTo(Map.of("A", "one\ntwo=2\n\n", "B", "x\ny", "C", "3"));
    }

    @Test
    void a_quote_that_is_not_closed_swallows_no_other_entry() {
        assertThat(parse("A=\"x\nB=\"y\"\nC='z\nD='w'\n").values())
                .isEqualTo(Map.of("A", "\"x", "B", "y", "C", "'z", "D", "w"));
    }

    @Test
    void a_line_that_is_no_entry_is_named_with_its_place_and_never_shown() {
        assertThatThrownBy(() -> parse("OK=1\nM='a\nb'\n  " + CANARY + "\n " + CANARY + "/+==\nOK=2\n"))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining(".env:4:3  there is no '='")
                .hasMessageContaining(".env:5:2  what stands before '='")
                .hasMessageContaining("2 problems")
                .hasMessageNotContaining(CANARY);
    }

    @Test
    void a_value_that_is_not_utf_8_is_named_with_its_place_and_stays_as_it_is() {
        byte[] bytes = "# caf\u00e9\nA=caf\u00e9\nB=\"\\xff\"\nC=1\n".getBytes(StandardCharsets.ISO_8859_1);
        EnvFile file = EnvFile.parse(".env", bytes);
        assertThat(file.find("C")).contains(SecretValue.of("1"));
        for (String key : List.of("A", "B")) {
            assertThatThrownBy(() -> file.find(key))
                    .isInstanceOf(InvalidDocumentException.class)
                    .hasMessageContaining(
                            ".env:" + (key.equals("A") ? 2 : 3) + ":3  " + key + ": the value is not UTF-8");
        }
        byte[] changed = file.with("C", SecretValue.of("2")).content();
        assertThat(changed)
                .isEqualTo("# caf\u00e9\nA=caf\u00e9\nB=\"\\xff\"\nC=\"2\"\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void setting_one_entry_leaves_every_other_byte_as_it_is_R29() {
        String before = "\ufeff# head\r\n\r\nexport  Z = \"1\" # keep\n  A=x   # not a comment\n\nLAST=`q`";
        EnvFile file = parse(before);
        assertThat(text(file.with("Z", SecretValue.of("2")))).isEqualTo(before.replace("= \"1\" #", "=\"2\" #"));
        assertThat(text(file.with("A", SecretValue.of("y")))).isEqualTo(before.replace("x   # not a comment", "\"y\""));
        assertThat(text(file.with("LAST", SecretValue.of("")))).isEqualTo(before.replace("`q`", "\"\""));
        assertThat(text(file.with("NEW", SecretValue.of("n")))).isEqualTo(before + "\nNEW=\"n\"\n");
        assertThat(text(file.without("A"))).isEqualTo(before.replace("  A=x   # not a comment\n", ""));
        assertThat(file.without("NOT")).isSameAs(file);
        assertThat(text(parse("M='a\nb'\r\nN=1\n").with("M", SecretValue.of("c"))))
                .isEqualTo("M=\"c\"\r\nN=1\n");
    }

    @Test
    void an_older_value_of_the_key_does_not_stay_behind() {
        EnvFile file = parse("X=1\nY=2\nX=3\nX=4\n");
        assertThat(text(file.with("X", SecretValue.of("5")))).isEqualTo("Y=2\nX=\"5\"\n");
        assertThat(text(file.without("X"))).isEqualTo("Y=2\n");
    }

    @Test
    void a_change_that_an_open_quote_would_spoil_is_refused() {
        EnvFile file = parse("A=\"" + CANARY + "\nB=1\n");
        assertThatThrownBy(() -> file.with("B", SecretValue.of(" #" + CANARY)))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining(".env:1:3  A: a quote is opened here and not closed")
                .hasMessageNotContaining(CANARY);
        assertThat(file.with("B", SecretValue.of("fine")).find("B")).contains(SecretValue.of("fine"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "it's", "a b", "a=b#c", "é\u2028", "\t", ""})
    void a_value_with_nothing_to_escape_is_written_as_every_reader_takes_it_R7(String value) {
        assertThat(EnvQuoting.quote(value)).isEqualTo("\"" + value + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pa$word", "${HOME}", "a\\nb", "say \"hi\"", "`id`", "even\\\\"})
    void a_value_with_something_to_expand_is_written_in_single_quotes_R7(String value) {
        assertThat(EnvQuoting.quote(value)).isEqualTo("'" + value + "'");
    }

    @Test
    void what_single_quotes_cannot_hold_is_escaped_and_on_one_line_R7() {
        assertThat(EnvQuoting.quote("it's $5")).isEqualTo("\"it's \\$5\"");
        assertThat(EnvQuoting.quote("odd\\")).isEqualTo("\"odd\\\\\"");
        assertThat(EnvQuoting.quote("a\nb\r\n\"c\"")).isEqualTo("\"a\\nb\\r\\n\\\"c\\\"\"");
    }

    @Test
    void a_hundred_thousand_random_values_come_back_as_they_were_put_R7() {
        Random random = new Random(20261128);
        for (int i = 0; i < 100_000; i++) {
            String value = AwkwardValues.next(random);
            String quoted = EnvQuoting.quote(value);
            assertThat(quoted).as("one line").doesNotContain("\n", "\r");
            EnvFile file = parse("A=1\n" + KEY + "=" + quoted + (i % 2 == 0 ? "\nB=2\n" : ""));
            if (!file.values().equals(expected(value, i % 2 == 0))) {
                assertThat(file.values()).as("written as " + quoted).isEqualTo(expected(value, i % 2 == 0));
            }
        }
    }

    private static Map<String, String> expected(String value, boolean more) {
        return more ? Map.of("A", "1", KEY, value, "B", "2") : Map.of("A", "1", KEY, value);
    }

    @Test
    void a_hundred_thousand_spoilt_files_are_refused_or_changed_exactly_as_asked() {
        Random random = new Random(4711);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] content = spoilt(random);
            try {
                EnvFile file = EnvFile.parse(".env", content);
                assertThat(file.content()).isEqualTo(content);
                SecretValue value = SecretValue.of(AwkwardValues.next(random));
                TreeMap<String, String> expected = new TreeMap<>(file.values());
                EnvFile changed = file.with(KEY, value);
                EnvFile again = EnvFile.parse(".env", changed.content());
                expected.put(KEY, value.reveal());
                assertThat(again.values()).isEqualTo(expected);
                assertThat(again.find(KEY)).contains(value);
                expected.remove(KEY);
                assertThat(EnvFile.parse(".env", again.without(KEY).content()).values())
                        .isEqualTo(expected);
                read++;
            } catch (InvalidDocumentException e) {
                assertThat(e.problems())
                        .allMatch(p ->
                                p.line() >= 1 && p.column() >= 1 && p.file().equals(".env"));
                refused++;
            }
        }
        assertThat(read).as("files that could be changed").isGreaterThan(20_000);
        assertThat(refused).as("files that were refused").isGreaterThan(5_000);
    }

    private static byte[] spoilt(Random random) {
        List<String> lines = List.of(
                "# comment\n",
                "\n",
                "A=1\n",
                "export B=\"two\\n\" # x\n",
                "C='it\\'s'\r\n",
                KEY + "=\"old$\"\n",
                "D=`raw`\n",
                "E=\"one\ntwo\"\n",
                "F='x\ny=z'\n",
                " G = un quoted # y \n",
                KEY + "='older'\n",
                "H=\"open\n",
                "I='open\n");
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(8); n >= 0; n--) {
            text.append(lines.get(random.nextInt(lines.size())));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        List<Byte> spoilt = new ArrayList<>();
        for (byte b : bytes) {
            int dice = random.nextInt(40);
            if (dice == 0) {
                spoilt.add((byte) "\"'\\\n=# $`\r\u00ff".charAt(random.nextInt(11)));
            } else if (dice != 1) {
                spoilt.add(b);
            }
        }
        byte[] result = new byte[spoilt.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = spoilt.get(i);
        }
        return result;
    }
}
