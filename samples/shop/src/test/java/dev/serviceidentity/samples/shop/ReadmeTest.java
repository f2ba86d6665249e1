// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README and docs/spiffe.md show compiles as it stands, and what is linked to is there.
 */
class ReadmeTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  /** What the reader's own program has around the examples. */
  private static final String FRAME =
      """
      %s
      import java.io.IOException;
      import java.net.*;
      import java.net.http.*;
      import java.net.http.HttpResponse.BodyHandlers;
      import java.nio.file.Path;
      import java.util.*;
      class Example {
        interface Response {
          void addHeader(String name, String value);
          void send(int status, String text);
        }
        void example(dev.serviceidentity.ServiceIdentity %s, InetSocketAddress remote,
            InetSocketAddress local, Map<String, List<String>> headers,
            javax.net.ssl.SSLSession session, Response response, java.util.logging.Logger log,
            URI uri, HttpRequest.Builder request, HttpClient client) throws Exception {
          %s
        }
      }
      """;

  @TempDir private Path target;

  @TestFactory
  Stream<DynamicTest> everyExampleCompiles() throws IOException {
    List<String> readme = blocks("README.md");
    assertThat(readme).hasSize(4);
    List<String> spiffe = blocks("docs/spiffe.md");
    assertThat(spiffe).hasSize(2);
    return Stream.concat(readme.stream(), spiffe.stream())
        .map(block -> DynamicTest.dynamicTest(firstStatement(block), () -> compiles(block)));
  }

  @Test
  void everyLinkLeadsToAFileThatIsThere() throws IOException {
    List<String> links =
        Stream.of(
                "README.md",
                "SECURITY.md",
                "deploy/kerberos/README.md",
                "deploy/spring-shop/README.md",
                "docs/adr/README.md",
                "docs/getting-started-jakarta.md",
                "docs/getting-started-java.md",
                "docs/getting-started-spring.md",
                "docs/kerberos-doctor.md",
                "docs/mtls.md",
                "docs/properties.md",
                "docs/refusals.md",
                "docs/spiffe.md",
                "docs/testing.md",
                "docs/tokens.md",
                "samples/README.md",
                "samples/tls/README.md",
                "samples/unit-test/README.md")
            .flatMap(ReadmeTest::brokenLinks)
            .toList();
    assertThat(links).isEmpty();
  }

  private void compiles(String block) {
    String imports = lines(block, true);
    String statements = lines(block, false);
    String given = statements.contains("ServiceIdentity identity =") ? "ignored" : "identity";
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var complaints = new StringWriter();
    boolean good =
        compiler
            .getTask(
                complaints,
                null,
                null,
                List.of("-proc:none", "-implicit:none", "-d", target.toString()),
                null,
                List.of(new Source(FRAME.formatted(imports, given, statements))))
            .call();
    assertThat(good).as(complaints.toString()).isTrue();
  }

  private static String lines(String block, boolean imports) {
    return block
        .lines()
        .filter(line -> line.startsWith("import ") == imports)
        .collect(Collectors.joining("\n"));
  }

  private static String firstStatement(String block) {
    return block
        .lines()
        .filter(line -> !line.startsWith("import ") && !line.isBlank())
        .findFirst()
        .orElseThrow();
  }

  private static Stream<String> brokenLinks(String document) {
    Path file = ROOT.resolve(document);
    try {
      return LINK.matcher(Files.readString(file))
          .results()
          .map(MatchResult::group)
          .map(link -> link.substring(2, link.length() - 1))
          .filter(link -> !Files.exists(file.resolveSibling(link)))
          .map(link -> document + ": " + link);
    } catch (IOException unreadable) {
      return Stream.of(document);
    }
  }

  private static List<String> blocks(String document) throws IOException {
    return BLOCK
        .matcher(Files.readString(ROOT.resolve(document)))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String code;

    Source(String code) {
      super(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE);
      this.code = code;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }
  }
}
