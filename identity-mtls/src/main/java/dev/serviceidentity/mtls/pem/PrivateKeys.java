// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.pem;

import dev.serviceidentity.mtls.der.DerReader;
import dev.serviceidentity.mtls.der.MalformedDerException;
import dev.serviceidentity.spi.ForeignText;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the one private key of a file: PKCS#8 (RFC 5958), plain or encrypted, and the older forms
 * PKCS#1 (RFC 8017) and SEC 1 (RFC 5915). Keys are made by the JDK; only what is around them is
 * taken off by Bouncy Castle.
 *
 * <p>No cause is passed on: messages of key parsers may quote what they parse.
 */
final class PrivateKeys {
  private static final String COPY_AGAIN = "; copy the key again from where it was made";

  /** Context-specific and constructed, number 0. */
  private static final int PARAMETERS = 0xa0;

  private final @Nullable Supplier<char[]> password;

  /**
   * Reads nothing yet.
   *
   * @param password for keys that are encrypted; what it gives is cleared after use
   */
  PrivateKeys(@Nullable Supplier<char[]> password) {
    this.password = password;
  }

  static boolean isKey(PemBlock block) {
    return block.label().endsWith("PRIVATE KEY") || isParameters(block);
  }

  PrivateKey parse(List<PemBlock> all) throws MalformedPemException {
    // openssl ecparam -genkey writes the curve once more before the key, which names it too.
    List<PemBlock> blocks = all.stream().filter(block -> !isParameters(block)).toList();
    for (PemBlock block : blocks) {
      requireKey(block);
    }
    if (blocks.isEmpty()) {
      throw new MalformedPemException("it holds no private key; put one into it, as PKCS#8");
    }
    if (blocks.size() > 1) {
      throw new MalformedPemException(
          "it holds "
              + blocks.size()
              + " private keys; leave only the one that belongs to the certificate");
    }
    return parse(blocks.get(0));
  }

  private PrivateKey parse(PemBlock block) throws MalformedPemException {
    byte[] pkcs8 = pkcs8(block);
    try {
      return BareDer.key(pkcs8);
    } catch (NoSuchAlgorithmException e) {
      throw new MalformedPemException(
          block.place() + " is a key of no accepted algorithm; use EC, RSA or Ed25519");
    } catch (GeneralSecurityException | MalformedDerException e) {
      throw invalid(block);
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  private byte[] pkcs8(PemBlock block) throws MalformedPemException {
    try {
      return switch (block.label()) {
        case "ENCRYPTED PRIVATE KEY" -> decrypt(block);
        case "RSA PRIVATE KEY" ->
            pkcs8(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                block);
        case "EC PRIVATE KEY" ->
            pkcs8(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve(block)), block);
        default -> block.der();
      };
    } catch (IOException | MalformedDerException | IllegalArgumentException e) {
      throw invalid(block);
    }
  }

  /** The older forms are what PKCS#8 holds, without its envelope. */
  private static byte[] pkcs8(AlgorithmIdentifier algorithm, PemBlock block) throws IOException {
    return new DERSequence(
            new ASN1Encodable[] {new ASN1Integer(0), algorithm, new DEROctetString(block.der())})
        .getEncoded();
  }

  /** The parameters in a key of RFC 5915, section 3. */
  private static ASN1ObjectIdentifier curve(PemBlock block)
      throws MalformedDerException, MalformedPemException {
    DerReader key = new DerReader(block.der()).enter(DerReader.SEQUENCE);
    key.enter(DerReader.INTEGER);
    key.enter(DerReader.OCTET_STRING);
    if (!key.hasMore() || key.tag() != PARAMETERS) {
      throw new MalformedPemException(
          block.place()
              + " does not name its curve; convert it: openssl pkcs8 -topk8 -nocrypt -in <old key>"
              + " -out <new key>");
    }
    return ASN1ObjectIdentifier.fromContents(
        key.enter(PARAMETERS).content(DerReader.OBJECT_IDENTIFIER));
  }

  private byte[] decrypt(PemBlock block) throws IOException, MalformedPemException {
    if (password == null) {
      throw new MalformedPemException(
          block.place()
              + " is an encrypted key; give its password by keyPassword(Password.file(...)) of the"
              + " source, which is PemFiles.directory(...) in place of pemDirectory(...), or decrypt"
              + " it");
    }
    PKCS8EncryptedPrivateKeyInfo encrypted = affordable(block);
    char[] secret = password.get();
    try {
      return encrypted
          .decryptPrivateKeyInfo(
              new JceOpenSSLPKCS8DecryptorProviderBuilder()
                  .setProvider(new BouncyCastleProvider())
                  .build(secret))
          .getEncoded();
    } catch (PKCSException | OperatorCreationException | RuntimeException e) {
      // The parsers of Bouncy Castle throw many kinds at bytes that nobody meant.
      throw undecryptable(block);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  /** Before a password is asked for: what it says it costs is nobody's secret. */
  private static PKCS8EncryptedPrivateKeyInfo affordable(PemBlock block)
      throws IOException, MalformedPemException {
    PKCS8EncryptedPrivateKeyInfo encrypted;
    String excess;
    try {
      encrypted = new PKCS8EncryptedPrivateKeyInfo(block.der());
      excess = KeyDerivation.excess(encrypted.getEncryptionAlgorithm());
    } catch (RuntimeException e) {
      // As above.
      throw undecryptable(block);
    }
    if (excess != null) {
      throw new MalformedPemException(
          block.place()
              + " "
              + excess
              + "; encrypt the key again: openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 600000");
    }
    return encrypted;
  }

  private static MalformedPemException undecryptable(PemBlock block) {
    return new MalformedPemException(
        block.place()
            + " cannot be decrypted: the password of keyPassword(...) is wrong, or the key was"
            + " encrypted in a way that is not known here; correct the password, or encrypt the"
            + " key again: openssl pkcs8 -topk8 -v2 aes-256-cbc");
  }

  private static void requireKey(PemBlock block) throws MalformedPemException {
    switch (block.label()) {
      case "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {}
      default ->
          throw new MalformedPemException(
              block.place()
                  + " is a "
                  + ForeignText.quote(block.label())
                  + "; only the private key belongs there");
    }
  }

  private static boolean isParameters(PemBlock block) {
    return block.label().equals("EC PARAMETERS");
  }

  private static MalformedPemException invalid(PemBlock block) {
    String form =
        switch (block.label()) {
          case "RSA PRIVATE KEY" -> "PKCS#1";
          case "EC PRIVATE KEY" -> "SEC 1";
          default -> "PKCS#8";
        };
    return new MalformedPemException(block.place() + " is not valid " + form + COPY_AGAIN);
  }
}
