// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.pem;

import java.math.BigInteger;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBEParameter;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * What it costs to make a key from a password, as an encrypted key says itself: it is read again
 * and again, so it must not be able to take all memory or a processor.
 */
final class KeyDerivation {
  private static final BigInteger MOST_ITERATIONS = BigInteger.valueOf(5_000_000);

  /** Bytes of scrypt, 128 N r (RFC 7914 section 2), and p times as much work. */
  private static final BigInteger MOST_MEMORY = BigInteger.valueOf(64 << 20);

  private static final BigInteger MOST_WORK = BigInteger.valueOf(512 << 20);
  private static final BigInteger BLOCK = BigInteger.valueOf(128);

  private KeyDerivation() {}

  /**
   * Says what is too much of it, or null. A scheme that is not known here is not known to what
   * decrypts.
   *
   * @throws RuntimeException of any kind if the parameters are malformed
   */
  static @Nullable String excess(AlgorithmIdentifier encryption) {
    if (!encryption.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
      return iterations(PBEParameter.getInstance(encryption.getParameters()).getIterationCount());
    }
    KeyDerivationFunc function =
        PBES2Parameters.getInstance(encryption.getParameters()).getKeyDerivationFunc();
    if (function.getAlgorithm().equals(MiscObjectIdentifiers.id_scrypt)) {
      return scrypt(ScryptParams.getInstance(function.getParameters()));
    }
    return iterations(PBKDF2Params.getInstance(function.getParameters()).getIterationCount());
  }

  private static @Nullable String iterations(BigInteger count) {
    return count.compareTo(MOST_ITERATIONS) <= 0
        ? null
        : "wants over " + MOST_ITERATIONS + " iterations for its password";
  }

  private static @Nullable String scrypt(ScryptParams parameters) {
    BigInteger memory =
        BLOCK.multiply(parameters.getCostParameter()).multiply(parameters.getBlockSize());
    BigInteger work = memory.multiply(parameters.getParallelizationParameter());
    return memory.compareTo(MOST_MEMORY) <= 0 && work.compareTo(MOST_WORK) <= 0
        ? null
        : "wants scrypt to use over 64 MiB, or 512 MiB one after the other, for its password";
  }
}
