// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ShopTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

  @Test
  void everyCallComesToWhatItShouldAndLeavesWhatWasAskedFor(@TempDir Path folder) throws Exception {
    Path keep = folder.resolve("kept");

    int status = run("--manifests", "k8s", "--keep", keep.toString());

    assertThat(text(out)).contains("All 12 calls came to what they should.").doesNotContain("FAIL");
    assertThat(status).isZero();
    assertThat(keep.resolve("web.keytab")).exists();
    assertThat(keep.resolve("orders-tls/tls.crt")).exists();
    try (Stream<String> events = Files.lines(keep.resolve("audit/payments.jsonl"))) {
      assertThat(events).anyMatch(line -> line.contains("\"reason\":\"WRONG_WORKLOAD\""));
    }
  }

  @Test
  void anUnknownArgumentIsAnsweredWithTheUsage() {
    assertThat(run("--sreve")).isEqualTo(2);
    assertThat(text(progress)).contains("unknown argument --sreve").contains("usage: samples/run");
  }

  @Test
  void aFolderThatIsNotEmptyIsLeftAlone(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("mine"), "precious");

    assertThat(run("--manifests", "k8s", "--keep", folder.toString())).isEqualTo(2);
    assertThat(text(progress)).contains("is not empty");
  }

  @Test
  void manifestsThatAreMissingAreNamed(@TempDir Path folder) {
    assertThat(run("--manifests", folder.resolve("nowhere").toString())).isEqualTo(2);
    assertThat(text(progress)).contains("nowhere");
  }

  private int run(String... words) {
    return Main.run(
        List.of(words),
        new Edition() {},
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(progress, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
