// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import dev.serviceidentity.mtls.pem.BoundedFile;
import dev.serviceidentity.mtls.pem.PemFile.KeyAndChain;
import dev.serviceidentity.spi.ForeignText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key store that has been opened. The causes of failures are not passed on where they come from
 * reading keys.
 */
final class OpenKeyStore {
  private final BoundedFile file;
  private final KeyStore store;

  private OpenKeyStore(BoundedFile file, KeyStore store) {
    this.file = file;
    this.store = store;
  }

  static OpenKeyStore read(BoundedFile file, String type, Password password) {
    byte[] bytes = file.read();
    if (bytes.length == 0) {
      throw file.wrong("is empty", "export the key store again");
    }
    char[] secret = password.read();
    try {
      KeyStore store = KeyStore.getInstance(type);
      store.load(new ByteArrayInputStream(bytes), secret);
      return new OpenKeyStore(file, store);
    } catch (IOException e) {
      // The JDK's key stores tell a wrong password by this cause.
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw file.wrong("does not open with its password", "correct the password");
      }
      // The JDK reads no more than 5,000,000 iterations, in three places with these words.
      if (String.valueOf(e.getMessage()).contains("iteration count too large")) {
        throw file.wrong(
            "wants over 5000000 iterations for its password",
            "export it again: keytool -importkeystore -deststoretype PKCS12");
      }
      throw file.wrong(
          "is no readable " + type + " key store", "export it again, as PKCS12 or JKS");
    } catch (GeneralSecurityException | IllegalArgumentException | IllegalStateException e) {
      // The latter two are what the JDK's key stores throw at parameters that they cannot use.
      throw file.wrong(
          "is encrypted in a way that this JVM does not know",
          "export it again: keytool -importkeystore -deststoretype PKCS12");
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  KeyAndChain own(@Nullable String wanted, Password password) {
    String alias = wanted == null ? onlyKey() : requireKey(wanted);
    var chain = new ArrayList<X509Certificate>();
    char[] secret = password.read();
    try {
      for (Certificate certificate : chain(alias)) {
        chain.add(x509(certificate, alias));
      }
      if (store.getKey(alias, secret) instanceof PrivateKey key) {
        return new KeyAndChain(key, chain);
      }
      throw file.wrong("holds no private key as " + ForeignText.quote(alias), "name another alias");
    } catch (UnrecoverableKeyException e) {
      throw file.wrong(
          "does not give out the key " + ForeignText.quote(alias) + " with its password",
          "correct it, or name the key's own password with keyPassword(...)");
    } catch (GeneralSecurityException e) {
      throw file.wrong(
          "holds as " + ForeignText.quote(alias) + " a key that this JVM cannot read",
          "use EC, RSA or Ed25519");
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  List<X509Certificate> authorities() {
    var authorities = new ArrayList<X509Certificate>();
    try {
      for (String alias : aliases()) {
        if (store.isCertificateEntry(alias)) {
          X509Certificate authority = x509(store.getCertificate(alias), alias);
          if (authority.getBasicConstraints() < 0) {
            throw file.wrong(
                "trusts as " + ForeignText.quote(alias) + " a certificate that is no authority",
                "import authorities (CA:TRUE) only");
          }
          authorities.add(authority);
        }
      }
    } catch (KeyStoreException e) {
      throw new IllegalStateException("It has been loaded", e);
    }
    if (authorities.isEmpty()) {
      throw file.wrong(
          "holds no trusted certificate",
          "name the authorities with authorities(...), or import them: keytool -importcert (those"
              + " of openssl pkcs12 do not count as trusted)");
    }
    return authorities;
  }

  private String onlyKey() {
    List<String> keys = aliases().stream().filter(this::isKey).toList();
    if (keys.isEmpty()) {
      throw file.wrong("holds no private key", "export the key with its certificate");
    }
    if (keys.size() > 1) {
      throw file.wrong("holds " + keys.size() + " private keys", "choose one with alias(...)");
    }
    return keys.get(0);
  }

  private String requireKey(String alias) {
    if (!isKey(alias)) {
      throw file.wrong(
          "holds no private key as " + ForeignText.quote(alias.toLowerCase(Locale.ROOT)),
          "see keytool -list for its aliases");
    }
    return alias;
  }

  private boolean isKey(String alias) {
    try {
      return store.isKeyEntry(alias);
    } catch (KeyStoreException e) {
      throw new IllegalStateException("It has been loaded", e);
    }
  }

  private List<String> aliases() {
    try {
      return Collections.list(store.aliases());
    } catch (KeyStoreException e) {
      throw new IllegalStateException("It has been loaded", e);
    }
  }

  private Certificate[] chain(String alias) throws KeyStoreException {
    Certificate @Nullable [] chain = store.getCertificateChain(alias);
    return chain == null ? new Certificate[0] : chain;
  }

  private X509Certificate x509(@Nullable Certificate certificate, String alias) {
    if (certificate instanceof X509Certificate x509) {
      return x509;
    }
    throw file.wrong(
        "holds as " + ForeignText.quote(alias) + " something other than an X.509 certificate",
        "export it again");
  }
}
