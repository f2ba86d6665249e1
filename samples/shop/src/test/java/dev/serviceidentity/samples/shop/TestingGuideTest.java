// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What docs/testing.md shows is what tests of the build are, white space aside. */
class TestingGuideTest {
  private static final Path GUIDE = Path.of("../../docs/testing.md");
  private static final Path MOCKED =
      Path.of(
          "../../identity-testkit/src/test/java/dev/serviceidentity/testkit/MockedNounsTest.java");

  /** A recipe: its title, the test that it links to, and its code. */
  private static final Pattern RECIPE =
      Pattern.compile(
          "^## \\d\\. (.*?)\\n.*?\\]\\((\\S*/src/test/java/\\S*Test\\.java)\\).*?```java\\n(.*?)```",
          Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern TEST = Pattern.compile("@Test\\s+void (\\w+)\\(");
  private static final Pattern ROW = Pattern.compile("(?m)^\\|.*\\| `(\\w+)` \\|$");

  @TestFactory
  Stream<DynamicTest> everyRecipeIsATestThatRuns() throws IOException {
    List<DynamicTest> recipes =
        RECIPE
            .matcher(Files.readString(GUIDE))
            .results()
            .map(
                found ->
                    DynamicTest.dynamicTest(
                        found.group(1),
                        () ->
                            assertThat(code(GUIDE.resolveSibling(found.group(2))))
                                .contains("@Test", squeezed(found.group(3)))))
            .toList();
    assertThat(recipes).hasSize(5);
    return recipes.stream();
  }

  @Test
  void everyBlockOfCodeBelongsToARecipe() throws IOException {
    assertThat(Files.readString(GUIDE).split("```java\n", -1)).hasSize(1 + 5);
  }

  @Test
  void theTableOfMocksNamesEveryTestOfThem() throws IOException {
    assertThat(names(ROW, Files.readString(GUIDE)))
        .isEqualTo(names(TEST, Files.readString(MOCKED)));
  }

  private static Set<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String code(Path file) throws IOException {
    return squeezed(Files.readString(file));
  }

  private static String squeezed(String text) {
    return text.replaceAll("\\s+", "");
  }
}
