// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.benchmarks.SyntheticCaller.ServiceSecret;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosKey;
import javax.security.auth.kerberos.KerberosPrincipal;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

/** The JDK's acceptor, with a credential made once: from bytes to bytes. */
final class JdkAcceptor {
  private final GSSManager manager = GSSManager.getInstance();
  private final GSSCredential credential;

  JdkAcceptor(ServiceSecret secret) throws PrivilegedActionException {
    var owner = new KerberosPrincipal(SyntheticCaller.SERVICE + "@" + SyntheticCaller.REALM);
    var key = new KerberosKey(owner, secret.key(), secret.type().number(), 2);
    var subject = new Subject(true, Set.of(owner), Set.of(), Set.of(key));
    PrivilegedExceptionAction<GSSCredential> create =
        () ->
            manager.createCredential(
                null,
                GSSCredential.INDEFINITE_LIFETIME,
                new Oid[] {new Oid("1.2.840.113554.1.2.2"), new Oid("1.3.6.1.5.5.2")},
                GSSCredential.ACCEPT_ONLY);
    this.credential = Subject.doAs(subject, create);
  }

  boolean accepts(byte[] token) {
    try {
      GSSContext context = manager.createContext(credential);
      try {
        context.acceptSecContext(token, 0, token.length);
        return context.isEstablished() && context.getSrcName() != null;
      } finally {
        context.dispose();
      }
    } catch (GSSException refused) {
      throw new IllegalStateException(refused);
    }
  }
}
