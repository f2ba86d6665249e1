// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.keytab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.Der;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeytabFileTest {
  private static final String OTHERS =
      "0001 0001 52 0001 78 00000001 00000001 01 0011 0010" + "00".repeat(16);

  @TempDir Path directory;

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> keytab().entries())
        .isInstanceOfSatisfying(
            IdentityException.class,
            thrown -> assertThat(thrown.code()).isEqualTo(Code.CONFIGURATION))
        .hasMessageContaining(file().toString())
        .hasMessageContaining("a@R")
        .hasMessageContaining("does not exist");
  }

  @Test
  void anEmptyFileIsNamed() throws IOException {
    write("");
    fails("is empty");
  }

  @Test
  void aKeytabWithoutEntriesIsNamed() throws IOException {
    write("0502");
    fails("has no entries");
  }

  @Test
  void aTruncatedFileIsNamed() throws IOException {
    write("0502 00000100 0001");
    fails("truncated");
  }

  @Test
  void anotherFileThanAKeytabIsNamed() throws IOException {
    Files.writeString(file(), "-----BEGIN CERTIFICATE-----");
    fails("starts with 2d2d");
  }

  @Test
  void aHugeFileIsNamedAndNotRead() throws IOException {
    Files.write(file(), new byte[(1 << 20) + 1]);
    fails("larger than 1 MiB");
  }

  @Test
  void aDirectoryIsNamed() throws IOException {
    Files.createDirectory(file());
    fails("is a directory. Name the file in it");
  }

  @Test
  void theOnesThatAreThereAreListedWhenOursIsNot() throws IOException {
    write("0502" + sized(OTHERS));
    fails("has no key for a@R; it has 'x@R'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0017", "0003", "0010", "0001"})
  void retiredTypesAreNamedWithTheCure(String etype) throws IOException {
    write("0502" + sized(own("01", etype, "00".repeat(16))));
    assertThatThrownBy(() -> keytab().entries())
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining(KeyType.describe(Integer.parseInt(etype, 16)))
        .hasMessageContaining("RFC 8429")
        .hasMessageContaining("aes256-cts-hmac-sha1-96");
  }

  @Test
  void strongKeysAreTakenTheNewestFirst() throws IOException {
    write(
        "0502"
            + sized(own("01", "0011", "00".repeat(16)))
            + sized(own("03", "0012", "00".repeat(32)))
            + sized(own("02", "0017", "00".repeat(16))));
    assertThat(KeytabFile.strong(keytab().entries()))
        .extracting(KeytabEntry::kvno)
        .containsExactly(3L, 1L);
  }

  @Test
  void theAgeThatIsToldIs90DaysUnlessSaid() {
    assertThat(keytab().keyAge()).isEqualTo(Duration.ofDays(90));
  }

  private void fails(String problem) {
    assertThatThrownBy(() -> keytab().entries())
        .isInstanceOfSatisfying(
            IdentityException.class,
            thrown -> assertThat(thrown.code()).isEqualTo(Code.CONFIGURATION))
        .hasMessageContaining(file().toString())
        .hasMessageContaining(problem);
  }

  private Path file() {
    return directory.resolve("orders.keytab");
  }

  private KeytabFile keytab() {
    return new KeytabFile(file(), PrincipalName.parse("a@R"));
  }

  private void write(String hex) throws IOException {
    Files.write(file(), Der.bytes(hex));
  }

  private static String own(String kvno, String etype, String key) {
    return "0001 0001 52 0001 61 00000001 00000001 "
        + kvno
        + etype
        + HexFormat.of().toHexDigits((short) (key.length() / 2))
        + key;
  }

  private static String sized(String entry) {
    return HexFormat.of().toHexDigits(Der.bytes(entry).length) + entry;
  }
}
