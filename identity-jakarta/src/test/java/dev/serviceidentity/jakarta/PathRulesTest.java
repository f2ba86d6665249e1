// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.jakarta.PathRules.ReportOnly;
import dev.serviceidentity.jakarta.PathRules.Ruling;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {
  private static final int ROUNDS = 20_000;
  private static final Instant END = Instant.parse("2027-01-31T00:00:00Z");
  private static final AccessRule KERBEROS = AccessRule.usual().require(MechanismName.KERBEROS);
  private static final String[] WORDS = {
    "public",
    "path",
    "/a/**",
    "/a/*",
    "/**",
    "/b",
    "require",
    "kerberos",
    "allow",
    "principal",
    "service-account",
    "shop/web",
    "report-only",
    "NETWORK",
    "IDENTITY",
    "until",
    "2027-01-31T00:00:00Z",
    "2027",
    "#",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\u0000",
    "/a;b",
    "//",
    "é",
    "/"
  };

  @Test
  void theFirstRuleThatHasThePathCounts() {
    PathRules rules =
        PathRules.builder()
            .publicPath("/admin/login")
            .path("/admin/**", KERBEROS)
            .publicPath("/assets/**")
            .build();

    assertThat(ruling(rules, "/admin/login").isPublic()).isTrue();
    assertThat(ruling(rules, "/admin/x").rule()).isSameAs(KERBEROS);
    assertThat(ruling(rules, "/assets/x").isPublic()).isTrue();
    assertThat(ruling(rules, "/other").rule()).isSameAs(AccessRule.usual());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/admin", "/admin/", "/admin/x", "/admin/x/", "/admin/x/y"})
  void aRuleThatDemandsMoreIsReadWidely(String path) {
    assertThat(ruling(PathRules.builder().path("/admin/**", KERBEROS).build(), path).rule())
        .isSameAs(KERBEROS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/open", "/open/", "/open/x/", "/opened"})
  void aRuleThatOpensIsReadStrictly(String path) {
    PathRules rules = PathRules.parse("public /open/**\npath /** require kerberos");

    assertThat(ruling(rules, path).isPublic()).isFalse();
  }

  @Test
  void aReadingOfItsOwnByTheContainerIsTakenForATrick() {
    PathRules rules = PathRules.parse("public /\npath /index.html require kerberos");
    PathRules harmless = PathRules.parse("public /\npublic /index.html");
    RequestPath welcome = RequestPath.of("/", () -> "", "/index.html");

    assertThat(rules.rulingOn(welcome).isPublic()).isFalse();
    assertThat(rules.rulingOn(welcome)).isEqualTo(rules.rulingOnUnclear());
    assertThat(harmless.rulingOn(welcome).isPublic()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "/**,/admin/**",
    "/a/**,/a/b",
    "/a/*,/a/*",
    "/a/*,/a/b",
    "/a/*/**,/a/b/**",
    "/a/**,/a/*/c/**"
  })
  void aRuleThatIsNeverAskedIsAMistake(String first, String second) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathRules.builder().publicPath(first).path(second, KERBEROS))
        .withMessage(
            second + " is never asked, because " + first + " comes first: turn them round");
  }

  @ParameterizedTest
  @CsvSource({"/a/*,/a/**", "/a/b,/a/*", "/a/*/c,/a/b/*", "/a/*/**,/a/**"})
  void aRuleWithPathsOfItsOwnIsNone(String first, String second) {
    assertThat(PathRules.builder().publicPath(first).path(second, KERBEROS).build()).isNotNull();
  }

  @Test
  void theTextSaysWhatTheBuilderSays() {
    PathRules rules =
        PathRules.parse(
            """
            # first come the open ones
            public /health

            path /pay/** require kerberos require mtls report-only NETWORK until 2027-01-31T00:00:00Z
            path /all/*
            path /web/** allow service-account shop/web allow principal kerberos:alice@SHOP.EXAMPLE
            """);

    assertThat(ruling(rules, "/health").isPublic()).isTrue();
    assertThat(ruling(rules, "/pay/x").rule().required())
        .containsExactlyInAnyOrder(MechanismName.KERBEROS, MechanismName.MTLS);
    assertThat(ruling(rules, "/all/x").rule()).isSameAs(AccessRule.usual());
    assertThat(rules.reportOnly()).containsExactly(new ReportOnly("/pay/**", Layer.NETWORK, END));
    assertThat(rules.reportOnly().get(0))
        .hasToString("On /pay/** the layer NETWORK refuses nothing before 2027-01-31T00:00:00Z");
    assertThat(ruling(rules, "/web/x").narrows()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "publik /x|A line starts with 'public' or 'path'",
        "public|The line ends where a pattern is expected",
        "public x|A path pattern starts with '/': x",
        "public /x /y|'public' takes one pattern and nothing else",
        "path /x require|The line ends where a mechanism is expected",
        "path /x require Kerberos|A mechanism name is 1 to 32 of a-z, 0-9 and '-'",
        "path /x allow web|The line ends where a caller is expected",
        "path /x allow account a/b|The kinds of callers are",
        "path /x report-only CALLER until 2027-01-31T00:00:00Z|BINDING and NETWORK can report only",
        "path /x report-only NETWORK|The line ends where 'until' is expected",
        "path /x report-only NETWORK till now|'report-only' needs an end",
        "path /x report-only NETWORK until soon|'soon' is no instant such as",
        "path /x deny all|Behind the pattern stand",
      })
  void aMistakeInTheTextIsToldWithItsLine(String line, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathRules.parse("public /health\n\n" + line))
        .withMessageStartingWith("line 3: " + message);
  }

  @Test
  void anyTextIsReadOrRefused() {
    long seed = System.nanoTime();
    System.out.println("Rules are made by seed " + seed);
    var random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      read(
          Stream.generate(() -> WORDS[random.nextInt(WORDS.length)])
              .limit(random.nextInt(20))
              .collect(Collectors.joining(random.nextBoolean() ? " " : "")));
    }
  }

  @FuzzTest
  void anyRulesAreReadOrRefused(byte[] bytes) {
    read(new String(bytes, StandardCharsets.UTF_8));
  }

  private static void read(String text) {
    try {
      assertThat(PathRules.parse(text)).isNotNull();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageStartingWith("line ");
    }
  }

  @Test
  void aPathHasNoRulesOfItsOwnWithoutAny() {
    assertThat(ruling(PathRules.none(), "/x")).isEqualTo(Ruling.USUAL);
    assertThat(PathRules.none().reportOnly()).isEmpty();
    assertThat(
            ruling(
                PathRules.builder()
                    .path("/x", AccessRule.usual().allow(AllowedCallers.nobody()))
                    .build(),
                "/y"))
        .isEqualTo(Ruling.USUAL);
  }

  private static Ruling ruling(PathRules rules, String path) {
    return rules.rulingOn(RequestPath.of(path, () -> "", path));
  }
}
