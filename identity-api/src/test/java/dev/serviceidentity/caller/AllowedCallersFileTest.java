// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serviceidentity.caller.AllowedCallers.Call;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A file of allowed callers")
class AllowedCallersFileTest {
  private static final Path MANUAL = Path.of("..", "docs", "allowed-callers.md");
  private static final String ALICE = "kerberos:alice@SHOP.EXAMPLE";
  private static final String TOOL = "mtls:spiffe://shop.example/ns/tools/sa/prober";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("callers.txt");
  }

  @Test
  void meansWhatTheManualSays() throws IOException {
    write(blocks(Files.readString(MANUAL)).group(1));
    AllowedCallers rule = AllowedCallers.fromFile(file);
    assertThat(rule.allows(callAs("shop/web", "/orders"))).isTrue();
    assertThat(rule.allows(callAs("shop/batch", "/a/../b"))).isTrue();
    assertThat(rule.allows(callAs("shop/orders", "/orders"))).isFalse();
    assertThat(rule.allows(call(ALICE, "/reports/2026"))).isTrue();
    assertThat(rule.allows(call(ALICE, "/orders"))).isFalse();
    assertThat(rule.allows(call(TOOL, "/status"))).isTrue();
    assertThat(rule.allows(call(TOOL, "/reports/2026"))).isFalse();
  }

  @Test
  void matchesPathsAsTheTableOfTheManualSays() throws IOException {
    Pattern row = Pattern.compile("^\\| `(/[^`]*)` \\| (.*) \\| (.*) \\|$", Pattern.MULTILINE);
    Matcher rows = row.matcher(Files.readString(MANUAL));
    int seen = 0;
    while (rows.find()) {
      PathPattern pattern = PathPattern.parse(rows.group(1));
      code(rows.group(2)).forEach(path -> assertThat(pattern.matches(path)).as(path).isTrue());
      code(rows.group(3)).forEach(path -> assertThat(pattern.matches(path)).as(path).isFalse());
      seen++;
    }
    assertThat(seen).isEqualTo(4);
  }

  @Test
  void saysWhatIsWrongAsTheManualShows() throws IOException {
    Matcher blocks = blocks(Files.readString(MANUAL));
    assertThat(blocks.find()).isTrue();
    write("# comment\n\nserviceaccount shop/web\n");
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> AllowedCallers.fromFile(file))
        .withMessage(folder + "/" + blocks.group(1).strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "service-account",
        "service-account shop",
        "service-account Shop/web",
        "service-account shop/web shop/batch",
        "service-account shop/web on",
        "service-account shop/web at /a",
        "service-account shop/web on reports",
        "service-account shop/web on /a/../b",
        "service-account shop/web # comment",
        "principal alice",
        "principal kerberos:alice",
        "principals-like kerberos:HTTP/*",
        "Service-Account shop/web",
        "deny shop/web",
        "service-account\u00a0shop/web",
      })
  void isRefusedWithTheLineOfAnythingMalformed(String line) throws IOException {
    write("service-account shop/web\n\n" + line + "\n");
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> AllowedCallers.fromFile(file))
        .withMessageStartingWith(file + ":3: ")
        .satisfies(
            refused -> assertThat(refused.code()).isEqualTo(IdentityException.Code.CONFIGURATION));
  }

  @Test
  void mayHaveTabsAndLinesOfOtherSystems() throws IOException {
    write("\tservice-account\t shop/web \r\nprincipal " + ALICE + "  on\t/x\r\n");
    AllowedCallers rule = AllowedCallers.fromFile(file);
    assertThat(rule.allows(callAs("shop/web", "/"))).isTrue();
    assertThat(rule.allows(call(ALICE, "/x"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# service-account shop/web\n", "   \t\n"})
  void namesSomebody(String content) throws IOException {
    write(content);
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> AllowedCallers.fromFile(file))
        .withMessageContaining(file + ": names no caller");
  }

  @Test
  void isAtMostOneMebibyte() throws IOException {
    String line = "service-account shop/web\n";
    String most = line + "#".repeat((1 << 20) - line.length());
    write(most);
    assertThat(AllowedCallers.fromFile(file).allows(callAs("shop/web", "/"))).isTrue();
    write(most + "#");
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> AllowedCallers.fromFile(file))
        .withMessageContaining("larger than 1 MiB");
  }

  @Test
  void isNotReadWithoutEndIfItIsADevice() {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> AllowedCallers.fromFile(Path.of("/dev/zero")))
        .withMessageContaining("larger than 1 MiB");
  }

  @Test
  void isUtf8() throws IOException {
    Files.write(file, "# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> AllowedCallers.fromFile(file))
        .withMessageContaining("is not UTF-8 text");
  }

  @Test
  void isThereAndReadable() {
    for (Path unreadable : new Path[] {file, folder}) {
      assertThatExceptionOfType(IdentityException.class)
          .isThrownBy(() -> AllowedCallers.fromFile(unreadable))
          .withMessageContaining(unreadable + ": cannot be read")
          .satisfies(
              refused ->
                  assertThat(refused.code()).isEqualTo(IdentityException.Code.CONFIGURATION));
    }
  }

  @Test
  void isReadOnce() throws IOException {
    write("service-account shop/web\n");
    AllowedCallers rule = AllowedCallers.fromFile(file);
    write("service-account shop/batch\n");
    assertThat(rule.allows(callAs("shop/web", "/"))).isTrue();
    assertThat(rule.allows(callAs("shop/batch", "/"))).isFalse();
  }

  private void write(String content) throws IOException {
    Files.writeString(file, content);
  }

  private static Matcher blocks(String manual) {
    Matcher blocks = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL).matcher(manual);
    assertThat(blocks.find()).isTrue();
    return blocks;
  }

  private static List<String> code(String cell) {
    return Pattern.compile("`([^`]*)`").matcher(cell).results().map(one -> one.group(1)).toList();
  }

  private static Call call(String principal, String path) {
    return new Call(caller(principal), null, "GET", path);
  }

  private static Call callAs(String serviceAccount, String path) {
    return new Call(caller("mtls:x@y"), ServiceAccountName.parse(serviceAccount), "GET", path);
  }

  private static Caller caller(String principal) {
    return Caller.of(PrincipalId.parse(principal), Instant.EPOCH, Instant.MAX);
  }
}
