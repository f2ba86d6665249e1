// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.RequestCredentials.ReplyVerifier;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

/**
 * What a request shows of issued tickets: a token of the Kerberos mechanism (RFC 4121 section 4.1),
 * which acceptors take without SPNEGO around it as well. The JDK's GSS-API makes it: it finds all
 * tickets in the subject, so that it asks no KDC and needs no krb5.conf.
 */
final class TicketCredentials implements ReplyVerifier {
  private static final String KERBEROS = "1.2.840.113554.1.2.2";

  /** A principal as a name (RFC 1964 section 2.1.1), which the JDK does not look up in the DNS. */
  private static final String PRINCIPAL_NAME = "1.2.840.113554.1.2.2.1";

  private static final String SCHEME = "Negotiate ";

  private final GSSContext context;

  private TicketCredentials(GSSContext context) {
    this.context = context;
  }

  /**
   * Makes the one token.
   *
   * @param granting the client's ticket-granting ticket, without which the JDK does not begin
   * @param service its ticket for the service
   */
  static RequestCredentials of(KerberosTicket granting, KerberosTicket service) {
    var client =
        new Subject(true, Set.of(service.getClient()), Set.of(), Set.of(granting, service));
    String name = service.getServer().getName();
    try {
      return Subject.doAs(
          client, (PrivilegedExceptionAction<RequestCredentials>) () -> begin(name));
    } catch (PrivilegedActionException failed) {
      throw new IllegalStateException("The JDK makes no token for " + name, failed.getCause());
    }
  }

  private static RequestCredentials begin(String service) throws GSSException {
    GSSManager manager = GSSManager.getInstance();
    GSSContext context =
        manager.createContext(
            manager.createName(service, new Oid(PRINCIPAL_NAME)),
            new Oid(KERBEROS),
            null,
            GSSContext.DEFAULT_LIFETIME);
    context.requestMutualAuth(true);
    byte[] token = context.initSecContext(new byte[0], 0, 0);
    return RequestCredentials.of(
        new HeaderField("Authorization", SCHEME + Base64.getEncoder().encodeToString(token)),
        new TicketCredentials(context));
  }

  @Override
  public Reply verify(int status, Map<String, List<String>> headers) {
    List<String> tokens =
        headers.entrySet().stream()
            .filter(field -> "WWW-Authenticate".equalsIgnoreCase(field.getKey()))
            .flatMap(field -> field.getValue().stream())
            .filter(value -> value.startsWith(SCHEME))
            .map(value -> value.substring(SCHEME.length()))
            .toList();
    return tokens.isEmpty() ? new Reply.Unauthenticated() : judge(tokens.get(0));
  }

  private Reply judge(String token) {
    try {
      byte[] proof = Base64.getDecoder().decode(token);
      context.initSecContext(proof, 0, proof.length);
      return new Reply.Complete();
    } catch (GSSException | IllegalArgumentException wrong) {
      return new Reply.Failed(String.valueOf(wrong.getMessage()));
    }
  }
}
