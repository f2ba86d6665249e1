// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBEParameter;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted keys that would cost too much to decrypt, and are not even begun with. */
class KeyDerivationTest {
  private static final byte[] SALT = new byte[16];

  @ParameterizedTest
  @CsvSource({
    "1048576, 8, 1", // 1 GiB
    "65536, 8, 16", // 64 MiB sixteen times
    "2, 2147483647, 1",
  })
  void aKeyThatWantsTooMuchOfScryptIsRefused(int cost, int block, int parallel) {
    refused(scrypt(cost, block, parallel), "scrypt to use over 64 MiB");
  }

  @ParameterizedTest
  @ValueSource(ints = {5_000_001, Integer.MAX_VALUE})
  void aKeyThatWantsTooManyIterationsIsRefused(int iterations) {
    var old = new PBEParameter(new byte[8], iterations);

    refused(pbkdf2(iterations), "over 5000000 iterations");
    refused(
        new AlgorithmIdentifier(PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC, old),
        "over 5000000 iterations");
  }

  @Test
  void whatToolsWriteIsAffordable() {
    assertThat(KeyDerivation.excess(scrypt(16_384, 8, 1))).isNull();
    assertThat(KeyDerivation.excess(pbkdf2(600_000))).isNull();
  }

  private static void refused(AlgorithmIdentifier encryption, String why) {
    PemBlock block = block(encryption);
    var keys =
        new PrivateKeys(
            () -> {
              throw new AssertionError("The password is not asked for");
            });

    assertThatThrownBy(() -> keys.parse(List.of(block)))
        .isInstanceOf(MalformedPemException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("encrypt the key again");
  }

  private static PemBlock block(AlgorithmIdentifier encryption) {
    try {
      byte[] der = new EncryptedPrivateKeyInfo(encryption, new byte[32]).getEncoded();
      String text = Base64.getMimeEncoder().encodeToString(der);
      return PemBlock.parse(
              "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                  + text
                  + "\n-----END ENCRYPTED PRIVATE KEY-----\n")
          .get(0);
    } catch (IOException | MalformedPemException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AlgorithmIdentifier scrypt(int cost, int block, int parallel) {
    return pbes2(
        new KeyDerivationFunc(
            MiscObjectIdentifiers.id_scrypt, new ScryptParams(SALT, cost, block, parallel)));
  }

  private static AlgorithmIdentifier pbkdf2(int iterations) {
    return pbes2(
        new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(SALT, iterations)));
  }

  private static AlgorithmIdentifier pbes2(KeyDerivationFunc function) {
    ASN1Encodable nothing = DERNull.INSTANCE;
    return new AlgorithmIdentifier(
        PKCSObjectIdentifiers.id_PBES2,
        new PBES2Parameters(
            function, new EncryptionScheme(PKCSObjectIdentifiers.des_EDE3_CBC, nothing)));
  }
}
