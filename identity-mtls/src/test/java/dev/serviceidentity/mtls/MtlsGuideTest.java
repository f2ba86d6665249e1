// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.mtls.forwarded.ForwardedRejection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables of docs/mtls.md are what the code says. */
class MtlsGuideTest {
  private static final String CERTIFICATES = "## Why a certificate is refused";
  private static final String FORWARDED = "## Why what a proxy passes on is refused";

  @Test
  void everyReasonOfACertificateHasItsRemedyInTheGuide() throws IOException {
    assertThat(rowsBelow(CERTIFICATES))
        .containsExactlyElementsOf(rows(CertificateRejection.values()));
  }

  @Test
  void everyReasonOfAForwardedCallerHasItsRemedyInTheGuide() throws IOException {
    assertThat(rowsBelow(FORWARDED)).containsExactlyElementsOf(rows(ForwardedRejection.values()));
  }

  private static List<String> rows(Reason... reasons) {
    return Arrays.stream(reasons)
        .map(reason -> "| `" + reason.name() + "` | " + reason.remedy() + " |")
        .toList();
  }

  private static List<String> rowsBelow(String heading) throws IOException {
    return Files.readString(Path.of("../docs/mtls.md"))
        .lines()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| `"))
        .toList();
  }
}
