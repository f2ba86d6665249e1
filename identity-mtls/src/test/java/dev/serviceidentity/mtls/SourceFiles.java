// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.mtls.Draft.Forged;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;

/** What is in files that open with a password only; for the rooms too that read them. */
public final class SourceFiles {
  /** The password. */
  public static final String SECRET = "correct horse";

  private SourceFiles() {}

  /** With the alias {@code web}. */
  static KeyStore store(Forged leaf) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "web",
        leaf.keys().getPrivate(),
        SECRET.toCharArray(),
        new Certificate[] {leaf.certificate()});
    return store;
  }

  /** A private key as PKCS#8, encrypted. */
  public static String encrypted(KeyPair keys) throws Exception {
    var info =
        new JcaPKCS8EncryptedPrivateKeyInfoBuilder(keys.getPrivate())
            .build(
                new JceOpenSSLPKCS8EncryptorBuilder(JcaPKCS8Generator.AES_256_CBC)
                    .setProvider(new BouncyCastleProvider())
                    .setPassword(SECRET.toCharArray())
                    .build());
    return Draft.pem("ENCRYPTED PRIVATE KEY", info.getEncoded());
  }
}
