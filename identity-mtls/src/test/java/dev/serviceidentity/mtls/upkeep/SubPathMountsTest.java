// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubPathMountsTest {
  private static final String TABLE =
      """
      22 1 0:21 / / rw,relatime shared:1 - overlay overlay rw
      635 600 0:63 /..2026_03_01/tls.crt /etc/tls/tls.crt ro,relatime - tmpfs tmpfs rw
      636 600 0:63 /x /etc/with\\040space/tls.key ro,relatime - tmpfs tmpfs rw
      637 600 0:64 / /var/run/tls ro,relatime - tmpfs tmpfs rw
      short
      """;

  @TempDir Path directory;

  @Test
  void aFileThatIsAMountPointIsOne() throws IOException {
    assertThat(among("/etc/tls/tls.crt", "/etc/tls/../tls/tls.crt", "/etc/with space/tls.key"))
        .hasSize(3);
  }

  @Test
  void aFileInAMountedVolumeIsNone() throws IOException {
    assertThat(among("/var/run/tls/tls.crt", "/etc/tls/ca.crt")).isEmpty();
  }

  @Test
  void aSystemWithoutSuchATableHasNone() {
    assertThat(
            new SubPathMounts(directory.resolve("none"))
                .among(List.of(Path.of("/etc/tls/tls.crt"))))
        .isEmpty();
  }

  private List<Path> among(String... files) throws IOException {
    Path table = Files.writeString(directory.resolve("mountinfo"), TABLE);
    return new SubPathMounts(table).among(List.of(files).stream().map(Path::of).toList());
  }
}
