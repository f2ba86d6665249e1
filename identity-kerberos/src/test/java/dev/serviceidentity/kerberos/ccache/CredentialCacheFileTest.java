// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ccache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.file.FileMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialCacheFileTest {
  @TempDir Path directory;

  @Test
  void aMissingFileIsNamedWithTheCure() {
    fails(() -> cache().read(), "orders.ccache does not exist", "kinit -c FILE:");
    fails(() -> cache().mark(), "orders.ccache does not exist", "kinit -c FILE:");
  }

  @Test
  void anEmptyFileIsNamedWithTheCure() throws IOException {
    Files.createFile(path());
    fails(() -> cache().read(), "is empty", "Log in again");
  }

  @Test
  void aDirectoryIsNamedWithTheCure() throws IOException {
    Files.createDirectory(path());
    fails(() -> cache().read(), "is a directory", "type DIR");
  }

  @Test
  void anotherVersionIsNamedWithTheCure() throws IOException {
    Files.write(path(), new byte[] {5, 2, 0, 0});
    fails(() -> cache().read(), "starts with 0502", "ccache_type", "Log in again");
  }

  @Test
  void aHugeFileIsNamedAndNotRead() throws IOException {
    try (var file = new java.io.RandomAccessFile(path().toFile(), "rw")) {
      file.setLength((16 << 20) + 1);
    }
    fails(() -> cache().read(), "is larger than 16 MiB");
  }

  @Test
  void aCacheIsFollowedAsItIsWritten() throws IOException {
    Files.write(path(), new ForgedCache(4).bytes());
    FileMark before = cache().mark();
    assertThat(cache().read().tickets()).isEmpty();
    Files.write(path(), ForgedCache.usual(4));
    assertThat(cache().mark()).isNotEqualTo(before);
    assertThat(cache().read().tickets()).hasSize(2);
  }

  @Test
  void aCacheThatEverybodyCanReadIsWarnedOf() throws IOException {
    Files.write(path(), ForgedCache.usual(4));
    var said = new ArrayList<LogRecord>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            if (List.of(record.getParameters()).toString().contains(directory.toString())) {
              said.add(record);
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("dev.serviceidentity.kerberos.file.SecretFile");
    logger.addHandler(handler);
    try {
      Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-------"));
      cache().warnIfExposed();
      assertThat(said).isEmpty();
      Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r--r--"));
      cache().warnIfExposed();
      assertThat(said).hasSize(1);
    } finally {
      logger.removeHandler(handler);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FILE:/tmp/krb5cc_0, /tmp/krb5cc_0",
    "file:/tmp/a, /tmp/a",
    "/tmp/krb5cc_0, /tmp/krb5cc_0",
    "relative, relative"
  })
  void namesOfFilesArePaths(String name, Path path) {
    assertThat(CredentialCacheFile.path(name)).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "KCM:1000, a daemon",
    "KCM:, a daemon",
    "KEYRING:persistent:1000, the kernel",
    "DIR:/run/user/1000/krb5cc, a directory of caches",
    "DIR::/run/user/1000/krb5cc/tkt, a directory of caches",
    "MEMORY:x, memory of another program",
    "API:x, the operating system",
    "XYZ:x, of the type XYZ"
  })
  void cachesOfOtherTypesAreNamedWithTheCure(String name, String where) {
    fails(() -> CredentialCacheFile.path(name), where, "kinit -c FILE:", "keytab");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "FILE:", "FILE: "})
  void aNameWithoutAPathIsNoFile(String name) {
    fails(() -> CredentialCacheFile.path(name), "has no path");
  }

  private static void fails(ThrowingCallable work, String... words) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            IdentityException.class,
            thrown -> assertThat(thrown.code()).isEqualTo(Code.CONFIGURATION))
        .hasMessageContainingAll(words);
  }

  private Path path() {
    return directory.resolve("orders.ccache");
  }

  private CredentialCacheFile cache() {
    return new CredentialCacheFile(path(), new Workshop());
  }
}
