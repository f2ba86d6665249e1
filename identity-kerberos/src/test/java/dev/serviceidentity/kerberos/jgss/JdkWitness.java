// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.jgss;

import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosKey;
import javax.security.auth.kerberos.KerberosPrincipal;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

/** The JDK's acceptor alone, without any of our checks before it. */
public final class JdkWitness {
  private final GSSManager manager = GSSManager.getInstance();
  private final GSSCredential credential;

  public JdkWitness(KeytabEntry key) {
    var owner = new KerberosPrincipal(key.principal().toString());
    var secret = new KerberosKey(owner, key.key(), key.etype(), (int) key.kvno());
    var subject = new Subject(true, Set.of(owner), Set.of(), Set.of(secret));
    try {
      this.credential =
          Subject.doAs(
              subject,
              (PrivilegedExceptionAction<GSSCredential>)
                  () ->
                      manager.createCredential(
                          null,
                          GSSCredential.INDEFINITE_LIFETIME,
                          new Oid[] {new Oid("1.2.840.113554.1.2.2"), new Oid("1.3.6.1.5.5.2")},
                          GSSCredential.ACCEPT_ONLY));
    } catch (PrivilegedActionException failed) {
      throw new IllegalStateException(failed);
    }
  }

  public boolean accepts(byte[] token) {
    return answer(token).isPresent();
  }

  /** What it answers to a token that it accepts. */
  public Optional<byte[]> answer(byte[] token) {
    try {
      GSSContext context = manager.createContext(credential);
      byte[] answer = context.acceptSecContext(token, 0, token.length);
      return context.isEstablished()
          ? Optional.of(answer == null ? new byte[0] : answer)
          : Optional.empty();
    } catch (GSSException | RuntimeException refused) {
      return Optional.empty();
    }
  }
}
