// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages tell a reader to write is what is compiled and run here, word for word. */
class PagesTest {
  private static final Path SOURCES =
      Path.of("src/main/java/dev/serviceidentity/samples/gettingstarted");
  private static final Path NEWCOMER =
      Page.ROOT.resolve("identity-spring-boot-starter/src/test/resources/newcomer");
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<dependency>\\s*<groupId>([^<]*)</groupId>\\s*<artifactId>([^<]*)</artifactId>\\s*"
              + "(?:<version>[^<]*</version>\\s*)?</dependency>");

  @ParameterizedTest
  @CsvSource({"java, plain", "jakarta, jakarta", "spring, spring"})
  void thePageShowsEveryClassOfItsService(String page, String folder) throws IOException {
    assertThat(page(page).blocks("java"))
        .containsExactlyInAnyOrderElementsOf(classes(SOURCES.resolve(folder)));
  }

  @ParameterizedTest
  @CsvSource({"java, 1", "jakarta, 3", "spring, 4"})
  void theServiceIsCompiledWithTheDependenciesOfThePage(String page, int count) throws IOException {
    List<String> shown = dependencies(page(page).blocks("xml").get(0));
    assertThat(shown).hasSize(count);
    assertThat(dependencies(Files.readString(Path.of("pom.xml")))).containsAll(shown);
  }

  @Test
  void theVersionsOfThePagesAreThoseOfTheBuild() throws IOException {
    String build = Files.readString(Page.ROOT.resolve("pom.xml"));
    assertThat(pom("java")).contains(element("version", found(build, "version")));
    assertThat(pom("jakarta")).contains(element("version", found(build, "jetty.version")));
    assertThat(pom("spring")).contains(element("version", found(build, "spring-boot.version")));
    assertThat(Stream.of("java", "jakarta", "spring").map(PagesTest::pom))
        .allMatch(pom -> pom.contains(element("version", found(build, "version"))));
  }

  @Test
  void aNewcomerToSpringWritesEightLinesOfProperties() throws IOException {
    String shown = page("spring").blocks("properties").get(0);
    assertThat(shown.lines()).hasSize(8);
    assertThat(shown)
        .isEqualTo(Files.readString(Path.of("src/main/resources/application.properties")))
        .isEqualTo(Files.readString(NEWCOMER.resolve("application.properties")));
  }

  private static Page page(String name) {
    return Page.of("getting-started-" + name + ".md");
  }

  private static String pom(String page) {
    return page(page).blocks("xml").get(0);
  }

  private static List<String> classes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.endsWith("package-info.java"))
          .map(PagesTest::asShown)
          .toList();
    }
  }

  /** In the reader's package, and without the licence. */
  private static String asShown(Path file) {
    try {
      String code = Files.readString(file);
      return code.substring(code.indexOf("package "))
          .replaceFirst("package .*;", "package shop.orders;");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> dependencies(String pom) {
    return DEPENDENCY.matcher(pom).results().map(d -> d.group(1) + ":" + d.group(2)).toList();
  }

  private static String found(String pom, String element) {
    return pom.split("<" + element + ">", 2)[1].split("<", 2)[0];
  }

  private static String element(String name, String content) {
    return "<" + name + ">" + content + "</" + name + ">";
  }
}
