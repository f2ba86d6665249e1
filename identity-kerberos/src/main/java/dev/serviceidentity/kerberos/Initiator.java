// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Base64;
import javax.security.auth.Subject;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;

/** Makes tokens for services through the JDK's GSS-API. */
final class Initiator {
  private final PrincipalName own;

  Initiator(PrincipalName own) {
    this.own = own;
  }

  /**
   * Makes one token. Asks the KDC for a service ticket unless the login has one already.
   *
   * @throws IdentityException if the KDC does not answer or says no
   */
  RequestCredentials credentialsFor(Target target, Login login) {
    PrincipalName service = service(target);
    try {
      // Not callAs, which JDK 17 lacks; doAs works without a security manager up to JDK 25.
      return Subject.doAs(
          login.subject(), (PrivilegedExceptionAction<RequestCredentials>) () -> begin(service));
    } catch (PrivilegedActionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw KdcTrouble.explain("The ticket of " + own + " for the service " + service, own, cause);
    }
  }

  private RequestCredentials begin(PrincipalName service) throws GSSException {
    GSSManager manager = GSSManager.getInstance();
    GSSName peer = manager.createName(service.toString(), Mechanisms.PRINCIPAL_NAME.oid());
    GSSContext context =
        manager.createContext(peer, Mechanisms.KERBEROS.oid(), null, GSSContext.DEFAULT_LIFETIME);
    context.requestMutualAuth(true);
    context.requestCredDeleg(false);
    byte[] token = SpnegoExchange.open(context.initSecContext(new byte[0], 0, 0));
    return RequestCredentials.of(
        new HeaderField("Authorization", "Negotiate " + Base64.getEncoder().encodeToString(token)),
        new MutualReply(service, context));
  }

  /** The name is what the user typed: never looked up in the DNS (RFC 4120 section 1.3). */
  private PrincipalName service(Target target) {
    String text = target.servicePrincipal().orElse(target.serviceClass() + "/" + target.host());
    try {
      return PrincipalName.parse(text.indexOf('@') < 0 ? text + "@" + own.realm() : text);
    } catch (IllegalArgumentException wrong) {
      throw new IdentityException(
          Code.CONFIGURATION,
          "The target "
              + target
              + " has no principal: "
              + wrong.getMessage()
              + "; name one with Target.servicePrincipal(...)");
    }
  }
}
