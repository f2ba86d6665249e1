// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.serviceidentity.caller.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/refusals.md are what the code says: the cause is a constant's Javadoc, the
 * cure its remedy, the status that of its kind.
 */
class RefusalsPageTest {
  private static final Path ROOT = Path.of("../..");
  private static final Path PAGE = ROOT.resolve("docs/refusals.md");
  private static final String BEGINNING = "<!-- From here on written by RefusalsPageTest. -->\n";
  private static final String CURE =
      "mvn -pl samples/shop -am test -Dtest=RefusalsPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Drefusals.write=true";

  /** What all callers meet comes first, what only tests meet last. */
  private static final Comparator<ReasonSource> ORDER =
      Comparator.comparing(
          source ->
              switch (source.module()) {
                case "identity-api" -> 0;
                case "identity-testkit" -> 2;
                default -> 1;
              });

  private final List<ReasonSource> sources;

  RefusalsPageTest() throws IOException {
    this.sources = ReasonSource.all(ROOT).stream().sorted(ORDER).toList();
  }

  @Test
  void thePageSaysOfEveryReasonWhatTheCodeSays() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).containsOnlyOnce(BEGINNING);
    String prose = page.substring(0, page.indexOf(BEGINNING) + BEGINNING.length());
    String written = prose + sources.stream().map(this::section).collect(Collectors.joining());
    if (Boolean.getBoolean("refusals.write")) {
      Files.writeString(PAGE, written);
    } else {
      assertThat(page).as("docs/refusals.md is old: %s", CURE).isEqualTo(written);
    }
  }

  @Test
  void everyEnumOfReasonsIsFound() {
    List<String> compiled =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.serviceidentity")
                .stream()
                .filter(type -> type.isAssignableTo(Reason.class) && !type.isInterface())
                .filter(type -> type.getEnclosingClass().isEmpty())
                .map(JavaClass::getName)
                .toList();
    assertThat(sources)
        .extracting(source -> source.type().getName())
        .hasSizeGreaterThanOrEqualTo(7)
        .containsExactlyInAnyOrderElementsOf(compiled);
  }

  @Test
  void everyReasonSaysItsCauseAndItsCureInSentences() {
    assertThat(sources)
        .allSatisfy(
            source ->
                assertThat(source.type().getEnumConstants())
                    .allSatisfy(
                        reason -> {
                          assertThat(cause(source, reason)).matches("(`|[A-Z]).*\\.");
                          assertThat(reason.remedy()).matches("[A-Z].*\\.");
                        }));
  }

  private String section(ReasonSource source) {
    return "\n## %s\n\n%s In `%s`.\n\n| reason | status | cause | cure |\n|---|---|---|---|\n"
            .formatted(source.type().getSimpleName(), source.purpose(), source.module())
        + Arrays.stream(source.type().getEnumConstants())
            .map(reason -> row(source, reason))
            .collect(Collectors.joining());
  }

  private static String row(ReasonSource source, Reason reason) {
    return "| `%s` | %d | %s | %s |\n"
        .formatted(
            reason.name(),
            reason.kind().httpStatus(),
            cell(cause(source, reason)),
            cell(reason.remedy()));
  }

  private static String cause(ReasonSource source, Reason reason) {
    String cause = source.causes().get(reason.name());
    assertThat(cause).as("the Javadoc of %s.%s", source.type().getName(), reason).isNotNull();
    return cause;
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }
}
