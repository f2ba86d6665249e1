// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.development;

import static dev.serviceidentity.identity.IdentityException.Code.REFUSED;

import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a PKCS#10 request (RFC 2986) asks for, its signature checked.
 *
 * @param names the alternative names
 * @param key whose private key has signed the request
 */
record SigningRequest(GeneralNames names, PublicKey key) {
  private static final int MOST_BYTES = 64 * 1024;

  static SigningRequest parse(byte[] der) {
    if (der.length > MOST_BYTES) {
      throw refused("is longer than 64 KiB", null);
    }
    try {
      var request = new JcaPKCS10CertificationRequest(der);
      PublicKey key = request.getPublicKey();
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw refused("is not signed by its own key", null);
      }
      Extensions extensions = request.getRequestedExtensions();
      GeneralNames names =
          extensions == null
              ? null
              : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
      if (names == null || names.getNames().length == 0) {
        throw refused("asks for no name; give it an alternative name", null);
      }
      return new SigningRequest(names, key);
    } catch (IdentityException e) {
      throw e;
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | RuntimeException e) {
      // The parsers of Bouncy Castle throw many kinds at bytes that nobody meant.
      throw refused("is not PKCS#10, or its key is of no known kind", e);
    }
  }

  private static IdentityException refused(String what, @Nullable Exception cause) {
    return new IdentityException(REFUSED, "The certificate request " + what, cause);
  }
}
