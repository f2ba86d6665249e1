// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.jgss;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.token.MutualReply;
import dev.serviceidentity.kerberos.token.TokenForm;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.spi.ForeignText;
import java.util.Optional;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;

/** Judges the answer to a token of the JDK's through the JDK's GSS-API. */
final class JgssProof implements MutualReply.Proof {
  private final TokenForm form;
  private final GSSContext context;

  JgssProof(TokenForm form, GSSContext context) {
    this.form = form;
    this.context = context;
  }

  @Override
  public void check(byte[] answer) throws RefusedTokenException {
    byte[] token = form.read(answer).completed().copy();
    try {
      byte[] more = context.initSecContext(token, 0, token.length);
      if (!context.isEstablished() || more != null) {
        throw malformed("the service wants another round");
      }
      if (!context.getMutualAuthState()) {
        throw malformed("the service has not proven that it has the key");
      }
    } catch (GSSException refused) {
      throw malformed(explain(refused));
    } catch (RuntimeException undecodable) {
      // The JDK's decoders on bytes that they do not expect.
      throw malformed("the token cannot be decoded");
    }
  }

  private static String explain(GSSException refused) {
    Optional<KrbFault> fault = KrbFault.in(refused);
    return fault.isPresent()
        ? "the JDK says: " + fault.get().message() + ", " + fault.get().name()
        : "the JDK says: " + ForeignText.quote(String.valueOf(refused.getMessage()));
  }
}
