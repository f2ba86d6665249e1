// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.file.SecretFile.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
  @TempDir Path directory;
  private Path path;
  private SecretFile file;

  @BeforeEach
  void write() throws IOException {
    path = Files.write(directory.resolve("keys"), new byte[] {5, 2});
    file = new SecretFile(path, Kind.KEYTAB, "keytab of a@R");
  }

  @Test
  void aFileThatMustNotBeReadIsNamed() {
    assertThat(file.unreadable(new AccessDeniedException("it")))
        .hasMessageContaining("The keytab of a@R must not be read by this process");
  }

  @Test
  void theMarkStaysWhileTheFileDoes() {
    assertThat(file.mark()).isEqualTo(file.mark());
  }

  @Test
  void theMarkChangesWhenAnotherFileTakesItsPlace() throws IOException {
    FileMark before = file.mark();
    Path other = Files.write(directory.resolve("other"), new byte[] {5, 2});
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(path));
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    assertThat(file.mark()).isNotEqualTo(before);
  }

  @Test
  void theMarkChangesWhenTheFileIsWrittenAgain() throws IOException {
    FileMark before = file.mark();
    Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));
    assertThat(file.mark()).isNotEqualTo(before);
  }

  @Test
  void theMarkChangesWhenALinkPointsElsewhere() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), path);
    var linked = new SecretFile(link, Kind.KEYTAB, "keytab");
    FileMark before = linked.mark();
    Path other = Files.write(directory.resolve("other"), new byte[] {5, 2});
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(path));
    Files.delete(link);
    Files.createSymbolicLink(link, other);
    assertThat(linked.mark()).isNotEqualTo(before);
  }
}
