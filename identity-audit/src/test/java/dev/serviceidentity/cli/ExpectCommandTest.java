// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class ExpectCommandTest {
  private static final String HOLDS =
      "{\"from\": \"shop/web-0\", \"to\": \"shop/orders-0\", \"protocol\": \"TCP\", \"port\": 8443,"
          + " \"expect\": \"ALLOWED\"}\n";
  private static final String FAILS =
      "{\"from\": \"shop/web-0\", \"to\": \"finance/payments-0\", \"protocol\": \"TCP\","
          + " \"port\": 8443, \"expect\": \"ALLOWED\"}\n";

  @TempDir private Path directory;

  private Run expect(String name, String content, Object... more) {
    Path file = Run.file(directory, name, content);
    return Run.of(
        Stream.concat(Stream.of("expect", "-m", Run.SHOP, "-e", file), Stream.of(more)).toArray());
  }

  @Test
  void allThatHoldsIsCounted() {
    Run run = expect("e.jsonl", HOLDS + "\n" + HOLDS);

    assertThat(run).isEqualTo(new Run(0, "2 of 2 expectations hold\n", ""));
  }

  @Test
  void aMismatchIsShownWithItsLineAndExplanationAndEndsWithOne() {
    Run run = expect("e.jsonl", HOLDS + FAILS);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out().lines().findFirst().orElseThrow())
        .endsWith(
            "e.jsonl:2: shop/web-0 → finance/payments-0:8443/TCP: expected ALLOWED, is DENIED");
    assertThat(run.out())
        .contains("payments-callers")
        .endsWith("1 of 2 expectations hold, 1 does not\n");
    assertThat(expect("f.jsonl", FAILS + FAILS).out())
        .endsWith("0 of 2 expectations hold, 2 do not\n");
  }

  @Test
  void manifestsWithErrorsEndWithTwoHoweverTheExpectationsAre() throws Exception {
    Path pods = Run.file(directory, "pods.yaml", Run.pod("a", "x", "") + Run.pod("a", "y", ""));
    Path policy = Run.file(directory, "p.yaml", Run.policy("a", "p", "{ingres: [{}]}"));
    String denied = "{from: a/x, to: a/y, port: 80, expect: DENIED}";
    Path file = Run.file(directory, "e.yaml", denied);

    Run run = Run.of("expect", "-m", pods, "-m", policy, "-e", file);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEqualTo("1 of 1 expectations hold\n");
    Run junit = Run.of("expect", "-m", pods, "-m", policy, "-e", file, "-o", "junit");
    assertThat(junit.code()).isEqualTo(2);
    Element suite = suites(junit).get(1);
    assertThat(suite.getAttribute("errors")).isEqualTo("1");
    Element test = (Element) suite.getElementsByTagName("testcase").item(0);
    assertThat(test.getAttribute("name")).isEqualTo("manifests");
    assertThat(((Element) test.getElementsByTagName("error").item(0)).getAttribute("message"))
        .contains("p.yaml:4: error: NetworkPolicy a/p spec.ingres:");
    Run tolerated =
        Run.of("expect", "-m", pods, "-m", policy, "-e", file, "-o", "junit", "--tolerate-errors");
    assertThat(tolerated.code()).isZero();
    assertThat(tolerated.out()).doesNotContain("<error").contains("p.yaml:4: error: ");
    assertThat(
            new ObjectMapper()
                .readTree(
                    Run.of("expect", "-m", pods, "-m", policy, "-e", file, "-o", "json").out())
                .get("problems"))
        .hasSize(1);
  }

  @Test
  void severalFilesAreOneTest() {
    Path first = Run.file(directory, "first.jsonl", HOLDS);
    Path second = Run.file(directory, "second.jsonl", FAILS);

    Run run = Run.of("expect", "-m", Run.SHOP, "-e", first, "-e", second);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("second.jsonl:1: shop/web-0 → ")
        .endsWith("1 of 2 expectations hold, 1 does not\n");
  }

  @Test
  void expectationsAreReadFromAPipe() {
    assertThat(Run.piped(HOLDS, "expect", "-m", Run.SHOP, "-e", "-").out())
        .isEqualTo("1 of 1 expectations hold\n");
    Run wrong = Run.piped("{}", "expect", "-m", Run.SHOP, "-e", "-");
    assertThat(wrong.errors()).containsExactly("<stdin>:1: error: 'from' is missing");
    assertThat(Run.piped(HOLDS, "expect", "-m", "-", "-e", "-").err())
        .contains("standard input can be read once");
  }

  @Test
  void anExpectationMayHaveAName() throws Exception {
    String named = FAILS.replace("{\"from\"", "{\"name\": \"web pays\", \"from\"");

    assertThat(expect("e.jsonl", named).out())
        .contains("e.jsonl:1: web pays: shop/web-0 → finance/payments-0:8443/TCP: expected");
    assertThat(expect("e.jsonl", named, "-o", "json").out()).contains("\"name\" : \"web pays\"");
    Element test =
        (Element)
            suites(expect("e.jsonl", named, "-o", "junit"))
                .get(0)
                .getElementsByTagName("testcase")
                .item(0);
    assertThat(test.getAttribute("name"))
        .isEqualTo("web pays: shop/web-0 → finance/payments-0:8443/TCP is ALLOWED");
    assertThat(expect("e.yaml", "- {name: [a], from: x}").code()).isEqualTo(2);
    assertThat(expect("e.yaml", "- {name: 7, from: a/b, to: a/b, port: 1, expect: DENIED}").err())
        .contains("'name' must be text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- {from: shop/web-0, to: shop/orders-0, protocol: TCP, port: 8443, expect: ALLOWED}\n"
            + "- from: external\n  to: shop/orders-0\n  port: 8443\n  expect: DENIED\n",
        "from: shop/web-0\nto: shop/orders-0\nprotocol: TCP\nport: 8443\nexpect: ALLOWED\n"
            + "---\n{from: 127.10.0.2, to: shop/orders-0, port: 8443, expect: ALLOWED}\n",
        "# a comment\n---\n- {\"from\": \"shop/web-0\", \"to\": \"shop/orders-0\", \"protocol\": \"TCP\","
            + " \"port\": 8443, \"expect\": \"ALLOWED\"}\n---\n---\n"
            + "- {from: 127.10.0.2, to: shop/orders-0, port: 8443, expect: ALLOWED}\n"
      })
  void yamlIsAListOrDocuments(String yaml) {
    assertThat(expect("e.yaml", yaml).out()).isEqualTo("2 of 2 expectations hold\n");
    assertThat(expect("e", yaml).out()).isEqualTo("2 of 2 expectations hold\n");
  }

  @Test
  void aJsonArrayIsAListToo() {
    assertThat(expect("e.json", "[\n" + HOLDS + ",\n" + HOLDS + "]").out())
        .isEqualTo("2 of 2 expectations hold\n");
  }

  @Test
  void jsonTellsEachMismatch() throws Exception {
    Run run = expect("e.jsonl", HOLDS + FAILS, "--output", "json");

    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(run.code()).isEqualTo(1);
    assertThat(json.get("expectations").asInt()).isEqualTo(2);
    assertThat(json.get("hold").asInt()).isEqualTo(1);
    assertThat(json.get("mismatches")).hasSize(1);
    assertThat(json.at("/mismatches/0/line").asInt()).isEqualTo(2);
    assertThat(json.at("/mismatches/0/expected").asText()).isEqualTo("ALLOWED");
    assertThat(json.at("/mismatches/0/verdict").asText()).isEqualTo("DENIED");
    assertThat(json.at("/mismatches/0/explanation/summary").asText()).contains("payments");
  }

  @Test
  void junitHasATestCaseForEachExpectation() throws Exception {
    Run run = expect("e.jsonl", HOLDS + FAILS, "--output", "junit");

    Element suite = suites(run).get(0);
    assertThat(run.code()).isEqualTo(1);
    assertThat(suite.getAttribute("tests")).isEqualTo("2");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    Element failed = (Element) suite.getElementsByTagName("testcase").item(1);
    assertThat(failed.getAttribute("name"))
        .isEqualTo("shop/web-0 → finance/payments-0:8443/TCP is ALLOWED");
    assertThat(failed.getAttribute("file")).endsWith("e.jsonl");
    assertThat(failed.getAttribute("line")).isEqualTo("2");
    assertThat(((Element) failed.getFirstChild()).getAttribute("message"))
        .contains("expected ALLOWED, is DENIED");
    assertThat(failed.getTextContent()).contains("payments-callers");
    assertThat(suites(run).get(1).getAttribute("name")).isEqualTo("manifests");
    assertThat(suites(run).get(1).getAttribute("errors")).isEqualTo("0");
  }

  private static List<Element> suites(Run run) throws Exception {
    var found =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(run.out().getBytes(StandardCharsets.UTF_8)))
            .getElementsByTagName("testsuite");
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"from\": \"a/b\"} | 'to' is missing",
        "{\"from\": \"b\", \"to\": \"a/b\", \"port\": 1, \"expect\": \"ALLOWED\"} | 'b' names nothing",
        "{\"from\": 7, \"to\": \"a/b\", \"port\": 1, \"expect\": \"ALLOWED\"} | 'from' must be text",
        "{\"from\": \"a/b\", \"to\": \"a/b\", \"port\": \"1\", \"expect\": \"ALLOWED\"} | 'port' must be a whole number",
        "{\"from\": \"a/b\", \"to\": \"a/b\", \"expect\": \"ALLOWED\"} | 'port' is missing",
        "{\"from\": \"a/b\", \"to\": \"a/b\", \"port\": 1.0, \"expect\": \"ALLOWED\"} | 'port' must be a whole number",
        "{\"from\": \"a/b\", \"to\": \"a/b\", \"port\": 99999999999, \"expect\": \"ALLOWED\"} | 'port' must be a whole number",
        "{\"from\": \"a/b\", \"to\": \"a/b\", \"port\": 0, \"expect\": \"ALLOWED\"} | a port is 1 to 65535, not 0",
        "{\"from\": \"a/b\", \"to\": \"a/b\", \"port\": 65536, \"expect\": \"ALLOWED\"} | a port is 1 to 65535",
        "{\"from\": \"a/b\", \"to\": \"a/b\", \"port\": 1, \"expect\": \"yes\"} | 'expect' is ALLOWED, DENIED or UNDECIDABLE, not 'yes'",
        "{\"from\": \"a/b\", \"to\": \"a/b\", \"port\": 1, \"protocol\": \"ICMP\", \"expect\": \"DENIED\"} | a protocol is TCP, UDP or SCTP",
        "{\"from\": \"a/b\", \"to\": \"a/b\", \"port\": 1, \"expects\": \"DENIED\"} | 'expects' is no field",
        "{\"from\": \"a/b\", \"from\": \"a/b\"} | is no JSON: Duplicate field 'from'",
        "{\"from\": {\"a\": [1]}} | 'to' is missing",
        "{\"from\": \"a/b\" | is no JSON",
        "{} {} | something follows the object",
        "{} x | is no JSON",
      })
  void eachBadLineOfJsonIsAnErrorWithItsNumber(String line, String message) {
    Run run = expect("e.jsonl", HOLDS + line + "\n");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains("e.jsonl:2: error: ").doesNotContain("Exception");
    if (!line.contains("{\"a\"")) {
      assertThat(run.err()).contains(message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "- [from] | 1 | a list in a list",
        "- {from: [a]} | 1 | the value of 'from' must be no list",
        "- {from: {a: b}} | 1 | the value of 'from' must be no mapping",
        "- {from: a/b, from: a/b} | 1 | 'from' is given twice",
        "- from | 1 | an expectation is a mapping",
        "- &a {from: x/y}\\n- *a | 2 | aliases are not read",
        "- {from: a/b, to: a/b, port: '80', expect: DENIED} | 1 | 'port' must be a whole number",
        "- {from: a/b\\n] | 2 | cannot be read as YAML",
        "- from: a/b # x\u2028  port: 80\\n  to: a/b | 1 | U+2028 ends a line for some readers",
        "- from: a/b\\n  <<: {to: a/b} | 2 | merge keys",
        "- from: a/b\\n  !!merge to: a/b | 2 | merge keys",
        "- &s\\n  <<: *s | 2 | merge keys",
        "- &s {from: *s} | 1 | is inside of what it names",
        "- from: a/b\\n  to: \"\\UFFFFFFFF\" | 2 | means nothing in YAML",
        "just text | 1 | an expectation is a mapping",
      })
  void eachBadPieceOfYamlIsAnErrorWithItsLine(String yaml, int line, String message) {
    Run run = expect("e.yml", yaml.replace("\\n", "\n"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("e.yml:" + line + ": error: ").contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "[]", "---\n---\n", "# nothing"})
  void aFileThatTestsNothingIsAnError(String content) {
    Run run = expect("e.yaml", content);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("e.yaml:1: error: there is no expectation");
  }

  @Test
  void allBadLinesAreToldUpToALimit() {
    assertThat(expect("e.jsonl", "{}\n{}\n").errors()).hasSize(2);
    Run many = expect("e.jsonl", "{}\n".repeat(1000));
    assertThat(many.errors()).hasSize(21);
    assertThat(many.errors().get(20)).contains("there may be more");
  }

  @Test
  void aFileThatIsNotThereOrNoTextIsAnError() throws Exception {
    Run none = Run.of("expect", "-m", Run.SHOP, "-e", directory.resolve("none"));
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.errors()).hasSize(1);
    assertThat(none.err()).contains("none' cannot be read: there is no such file");

    Path binary = directory.resolve("binary");
    Files.write(binary, new byte[] {(byte) 0xff, 0, 1});
    assertThat(Run.of("expect", "-m", Run.SHOP, "-e", binary).err()).contains("is not UTF-8 text");
    assertThat(Run.of("expect", "-m", Run.SHOP, "-e", directory).code()).isEqualTo(2);
  }

  @Test
  void aFileWithoutEndIsAnError() {
    Run run = Run.of("expect", "-m", Run.SHOP, "-e", "/dev/zero");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains("'/dev/zero' cannot be read: it is larger than 67108864 bytes");
  }

  @Test
  void whoeverIsNotInTheManifestsIsAnErrorOfThatLine() {
    Run run = expect("e.jsonl", HOLDS + HOLDS.replace("web-0", "wbe-0"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains("e.jsonl:2: error: no pod or workload shop/wbe-0");
  }
}
