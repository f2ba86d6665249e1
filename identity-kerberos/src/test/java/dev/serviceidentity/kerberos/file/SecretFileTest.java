// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.file.SecretFile.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
  @TempDir Path directory;
  private Path path;
  private SecretFile file;

  @BeforeEach
  void write() throws IOException {
    path = Files.write(directory.resolve("keys"), new byte[] {5, 2});
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    file = new SecretFile(path, Kind.KEYTAB, "keytab of a@R");
  }

  @Test
  void aFileThatMustNotBeReadIsNamed() {
    assertThat(file.unreadable(new AccessDeniedException("it")))
        .hasMessageContaining("The keytab of a@R must not be read by this process");
  }

  @Test
  @Timeout(180)
  void aPipeIsRefusedAndNotOpened() throws Exception {
    Path pipe = directory.resolve("pipe");
    assumeTrue(
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "mkfifo works");
    Path link = Files.createSymbolicLink(directory.resolve("link"), pipe);
    for (Path each : List.of(pipe, link)) {
      for (Kind kind : Kind.values()) {
        assertThatThrownBy(() -> new SecretFile(each, kind, "it").bytes())
            .isInstanceOf(IdentityException.class)
            .hasMessageContaining("is a pipe, device or socket");
      }
    }
  }

  @Test
  @Timeout(180)
  void aDeviceIsRefused() {
    assumeTrue(Files.exists(Path.of("/dev/zero")), "/dev/zero is there");
    assertThatThrownBy(new SecretFile(Path.of("/dev/zero"), Kind.KEYTAB, "it")::bytes)
        .hasMessageContaining("is a pipe, device or socket");
  }

  @Test
  void aCacheThatEverybodyCanWriteIsRefusedAndAKeytabToldOf() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-----w-"));
    assertThatThrownBy(cache()::bytes)
        .hasMessageContaining("can be written by every user of this machine");
    assertThat(file.bytes()).hasSize(2);
    assertThat(file.exposure()).get().asString().contains("can be written by every user");
  }

  @Test
  void aCacheOfAnotherUserIsRefusedAndAKeytabToldOf() throws IOException {
    try {
      Files.setAttribute(path, "unix:uid", 12345);
    } catch (FileSystemException notRoot) {
      assumeTrue(false, "this runs as root");
    }
    assertThatThrownBy(cache()::bytes).hasMessageContaining("belongs to the user 12345");
    assertThat(file.bytes()).hasSize(2);
    assertThat(file.exposure()).get().asString().contains("belongs to the user 12345");
  }

  @Test
  void aCacheOfThisUserIsRead() {
    assertThat(cache().bytes()).hasSize(2);
    assertThat(file.exposure()).isEmpty();
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

  private SecretFile cache() {
    return new SecretFile(path, Kind.CREDENTIAL_CACHE, "cache");
  }
}
