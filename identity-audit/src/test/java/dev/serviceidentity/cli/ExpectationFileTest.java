// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectationFileTest {
  private static final long LARGEST = 67_108_864;

  @TempDir private Path directory;

  /** Nothing is written, so that the file takes no space. */
  @Test
  void aFileThatIsTooLargeIsNotRead() throws IOException {
    Path large = directory.resolve("large.jsonl");
    try (var file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(LARGEST + 1);
    }

    Run run = Run.of("expect", "-m", Run.SHOP, "-e", large);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("it is larger than " + LARGEST + " bytes; split it");
  }
}
