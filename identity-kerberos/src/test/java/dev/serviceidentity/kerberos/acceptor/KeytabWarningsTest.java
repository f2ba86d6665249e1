// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.file.SecretFile;
import dev.serviceidentity.kerberos.keytab.ForgedKeytab;
import dev.serviceidentity.kerberos.keytab.KeyVersion;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabWarnings;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.MessageFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeytabWarningsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LIMIT = Duration.ofDays(90);
  private static final PrincipalName NAME = PrincipalName.parse("HTTP/warned.shop@SHOP.EXAMPLE");

  private final List<String> said = new ArrayList<>();
  private final Logger logger = Logger.getLogger(KeytabWarnings.class.getName());
  private final Logger fileLogger = Logger.getLogger(SecretFile.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          String text = MessageFormat.format(record.getMessage(), record.getParameters());
          // Other classes read keytabs at the same time.
          if (text.contains("warned")) {
            said.add(text);
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void leave() {
    logger.removeHandler(handler);
    fileLogger.removeHandler(handler);
  }

  @Test
  void aKeyThatBecomesOldIsToldOnce() {
    KeytabWarnings warnings = warnings(key(18, NOON.minus(LIMIT)));
    assertThat(warnings.ofAge(NOON)).isEmpty();
    assertThat(warnings.ofAge(NOON.plusSeconds(1))).containsExactly(NAME);
    assertThat(warnings.ofAge(NOON.plusSeconds(2))).isEmpty();
    assertThat(said)
        .singleElement()
        .asString()
        .contains("HTTP/warned.shop@SHOP.EXAMPLE", "more than 90 days", "ktadd");
  }

  @Test
  void theAgeThatIsToldIsWhatTheBuilderWasGiven(@TempDir Path directory) throws IOException {
    Path keytab = directory.resolve("warned-by-builder.keytab");
    Instant tenDaysAgo = Instant.now().minus(Duration.ofDays(10));
    Files.write(keytab, ForgedKeytab.of(List.of(key(18, tenDaysAgo))));
    var builder = KerberosIdentity.builder().principal(NAME.toString()).keytab(keytab).acceptOnly();
    builder.open().close();
    assertThat(said).isEmpty();
    builder.keyAge(Duration.ofDays(7)).open().close();
    assertThat(said).singleElement().asString().contains("more than 7 days");
  }

  @Test
  void anAgeOfLessThanADayIsAMistake() {
    var builder = KerberosIdentity.builder();
    assertThatThrownBy(() -> builder.keyAge(Duration.ofHours(23)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keyAge(...) is a day or more, not 'PT23H'");
  }

  @Test
  void anOldKeyBesideANewOneIsWhatRotationLeaves() {
    KeytabWarnings warnings = warnings(key(18, Instant.EPOCH), key(17, NOON));
    assertThat(warnings.ofAge(NOON)).isEmpty();
    assertThat(said).isEmpty();
  }

  @Test
  void retiredTypesAreNamed() {
    warnings(key(23, NOON), key(18, NOON));
    assertThat(said)
        .singleElement()
        .asString()
        .contains("arcfour-hmac (23)", "RFC 8429")
        .doesNotContain("(18)");
  }

  @Test
  void aKeytabThatEverybodyMayReadIsToldAtEachReading(@TempDir Path directory) throws IOException {
    Path warned = Files.createDirectory(directory.resolve("warned"));
    var orders = new OrdersService(warned, AcceptorSettings.USUAL);
    fileLogger.addHandler(handler);
    rewrite(orders, warned, "r--r-----");
    assertThat(said).isEmpty();
    rewrite(orders, warned, "r--r--r--");
    assertThat(said)
        .singleElement()
        .asString()
        .contains(warned.toString(), "every user of this machine", "chmod 0400");
  }

  private static void rewrite(OrdersService orders, Path directory, String rights)
      throws IOException {
    orders.add(OrdersService.NAME, 4, 18, 44);
    orders.write();
    Files.setPosixFilePermissions(
        directory.resolve("orders.keytab"), PosixFilePermissions.fromString(rights));
    orders.keys().refresh();
  }

  private static KeytabWarnings warnings(KeytabEntry... entries) {
    return KeytabWarnings.of(Path.of("warned.keytab"), List.of(entries), LIMIT);
  }

  private static KeytabEntry key(int etype, Instant written) {
    return new KeytabEntry(NAME, written, KeyVersion.of(1), etype, new byte[etype == 18 ? 32 : 16]);
  }
}
