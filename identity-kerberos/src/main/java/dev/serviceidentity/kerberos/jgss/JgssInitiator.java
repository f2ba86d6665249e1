// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.jgss;

import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.initiator.ServicePrincipal;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.MutualReply;
import dev.serviceidentity.kerberos.token.TokenForm;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Base64;
import javax.security.auth.Subject;
import org.ietf.jgss.ChannelBinding;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;

/**
 * Makes tokens for services through the JDK's GSS-API, which writes channel bindings in a way that
 * the JDK and we accept, and MIT and Windows do not.
 */
public final class JgssInitiator {
  private final PrincipalName own;

  /**
   * An initiator.
   *
   * @param own whose tokens it makes
   */
  public JgssInitiator(PrincipalName own) {
    this.own = own;
  }

  /**
   * Makes one token. Asks the KDC for a service ticket unless the login has one already.
   *
   * @param target the service to call
   * @param login with which
   * @return the field with the token, whose answer proves the service
   * @throws IdentityException if the KDC does not answer or says no
   */
  public RequestCredentials credentialsFor(Target target, JgssLogin login) {
    PrincipalName service = ServicePrincipal.of(target, own.realm());
    try {
      // Not callAs, which JDK 17 lacks; doAs works without a security manager up to JDK 25.
      return Subject.doAs(
          login.subject(),
          (PrivilegedExceptionAction<RequestCredentials>) () -> begin(service, target));
    } catch (PrivilegedActionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw KdcTrouble.explain("The ticket of " + own + " for the service " + service, own, cause);
    }
  }

  private RequestCredentials begin(PrincipalName service, Target target) throws GSSException {
    GSSManager manager = GSSManager.getInstance();
    GSSName peer = manager.createName(service.toString(), Mechanisms.PRINCIPAL_NAME.oid());
    GSSContext context =
        manager.createContext(peer, Mechanisms.KERBEROS.oid(), null, GSSContext.DEFAULT_LIFETIME);
    context.requestMutualAuth(true);
    context.requestCredDeleg(false);
    if (target.channelBinding().isPresent()) {
      byte[] bound = target.channelBinding().get().applicationData();
      context.setChannelBinding(new ChannelBinding(bound));
    }
    TokenForm form = TokenForm.of(target);
    byte[] mechToken = context.initSecContext(new byte[0], 0, 0);
    byte[] token = form.wrap(new TokenWriter(mechToken.length).raw(mechToken)).bytes();
    return RequestCredentials.of(
        new HeaderField("Authorization", "Negotiate " + Base64.getEncoder().encodeToString(token)),
        new MutualReply(service, new JgssProof(form, context)));
  }
}
