// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springmachine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.samples.shop.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(RunningShop.LOCK)
class SpringEditionTest {
  @Test
  void everyCallOfTheTableComesToWhatItShould(@TempDir Path folder) {
    var out = new ByteArrayOutputStream();
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    List<String> words =
        List.of("--manifests", RunningShop.MANIFESTS.toString(), "--keep", folder + "/kept");

    int status = Main.run(words, new SpringEdition(), stream, stream);

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("All 13 calls came to what they should.")
        .doesNotContain("FAIL");
    assertThat(status).isZero();
    assertThat(folder.resolve("kept/audit/payments.jsonl")).content().contains("WRONG_WORKLOAD");
  }
}
