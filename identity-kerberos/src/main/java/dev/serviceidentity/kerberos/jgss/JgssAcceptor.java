// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.jgss;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.kerberos.acceptor.Acceptor;
import dev.serviceidentity.kerberos.acceptor.OpenTicket;
import dev.serviceidentity.kerberos.acceptor.RealmRules;
import dev.serviceidentity.kerberos.acceptor.ServiceKey;
import dev.serviceidentity.kerberos.acceptor.ServiceKeys;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.NegotiateToken;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.spi.ForeignText;
import java.net.InetAddress;
import java.security.Principal;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosKey;
import javax.security.auth.kerberos.KerberosPrincipal;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.jspecify.annotations.Nullable;

/**
 * Accepts tokens through the JDK's GSS-API, with the keys of one reading of the keytab and without
 * any configuration of the JVM.
 *
 * <p>The ticket is opened before: the JDK's replay cache is keyed by the cleartext service name,
 * which it does not hold against the key that opens the ticket, it hands out neither the ticket's
 * end nor the components of the client's name, and it asks nothing of the client's realm. The JDK
 * is given the keys, and not the file, so that it and {@link ServiceKeys} always work with the same
 * ones.
 */
public final class JgssAcceptor implements Acceptor {
  private final GSSManager manager = GSSManager.getInstance();
  private final ServiceKeys keys;
  private final GSSCredential credential;
  private final RealmRules realms;
  private final ClientQuota quota;
  private final Clock clock;

  private JgssAcceptor(
      ServiceKeys keys,
      GSSCredential credential,
      RealmRules realms,
      ClientQuota quota,
      Clock clock) {
    this.keys = keys;
    this.credential = credential;
    this.realms = realms;
    this.quota = quota;
    this.clock = clock;
  }

  /**
   * Makes an acceptor for each reading of the keytab; all of them have one quota.
   *
   * @param realms of which realms callers may be
   * @param clock the clock
   * @return makes one of the keys
   */
  public static Function<ServiceKeys, Acceptor> withOneQuota(RealmRules realms, Clock clock) {
    var quota = new ClientQuota();
    return keys -> of(keys, realms, quota, clock);
  }

  static JgssAcceptor of(ServiceKeys keys, RealmRules realms, ClientQuota quota, Clock clock) {
    var owners = new HashSet<Principal>();
    var secrets = new HashSet<KerberosKey>();
    for (ServiceKey key : keys.all()) {
      KeytabEntry entry = key.entry();
      var owner = new KerberosPrincipal(entry.principal().toString());
      owners.add(owner);
      secrets.add(new KerberosKey(owner, entry.key(), entry.etype(), (int) entry.kvno()));
    }
    var subject = new Subject(true, owners, Set.of(), secrets);
    try {
      GSSCredential credential =
          Subject.doAs(
              subject, (PrivilegedExceptionAction<GSSCredential>) JgssAcceptor::credential);
      return new JgssAcceptor(keys, credential, realms, quota, clock);
    } catch (PrivilegedActionException failed) {
      throw new IllegalStateException("The JDK's GSS-API does not take " + keys, failed.getCause());
    }
  }

  @Override
  public Accepted accept(NegotiateToken token, ApRequest request, CallerEvidence evidence)
      throws RefusedTokenException {
    OpenTicket ticket = keys.open(request);
    InetAddress source = evidence.source().getAddress();
    if (!ticket.contents().permits(source)) {
      throw new RefusedTokenException(
          KerberosRejection.WRONG_ADDRESS,
          "the ticket is not for use from " + source.getHostAddress());
    }
    realms.check(ticket);
    quota.enter(ticket.client());
    try {
      byte[] reply = accept(token.mechToken().copy());
      return new Accepted(ticket.caller(clock.instant()), token.answer(reply, null));
    } finally {
      quota.leave(ticket.client());
    }
  }

  private byte @Nullable [] accept(byte[] token) throws RefusedTokenException {
    GSSContext context = null;
    try {
      context = manager.createContext(credential);
      byte[] reply = context.acceptSecContext(token, 0, token.length);
      if (!context.isEstablished()) {
        throw new RefusedTokenException(
            KerberosRejection.CONTINUATION_UNSUPPORTED, "the caller expects another round");
      }
      // Credentials that the caller delegates are never asked for, and end with the context.
      return reply;
    } catch (GSSException refused) {
      throw explained(refused);
    } catch (RuntimeException undecodable) {
      // The JDK's decoders throw several kinds of these on bytes that they do not expect.
      throw malformed("the JDK cannot decode it: " + undecodable.getClass().getSimpleName());
    } finally {
      dispose(context);
    }
  }

  private static GSSCredential credential() throws GSSException {
    return GSSManager.getInstance()
        .createCredential(
            null,
            GSSCredential.INDEFINITE_LIFETIME,
            Mechanisms.KERBEROS.oid(),
            GSSCredential.ACCEPT_ONLY);
  }

  /** Called when the ticket is known to open with our key: what is left is about the rest. */
  private static RefusedTokenException explained(GSSException failure) {
    Optional<KrbFault> fault = KrbFault.in(failure);
    if (fault.isEmpty()) {
      String words = ForeignText.quote(String.valueOf(failure.getMessage()));
      return new RefusedTokenException(
          failure.getMajor() == GSSException.DEFECTIVE_TOKEN
              ? KerberosRejection.MALFORMED_TOKEN
              : KerberosRejection.NOT_ACCEPTED,
          "the JDK says: " + words);
    }
    return new RefusedTokenException(
        reason(fault.get()), "the JDK says: " + fault.get().message() + ", " + fault.get().name());
  }

  private static KerberosRejection reason(KrbFault fault) {
    OptionalInt code = fault.code();
    if (fault.says("Checksum failed")) {
      return KerberosRejection.TAMPERED;
    }
    // RFC 4120 section 7.5.9
    return switch (code.orElse(0)) {
      case 31, 41 -> KerberosRejection.TAMPERED;
      case 32 -> KerberosRejection.TICKET_EXPIRED;
      case 33 -> KerberosRejection.TICKET_NOT_YET_VALID;
      case 34 -> KerberosRejection.REPLAYED;
      case 35 -> KerberosRejection.WRONG_SERVICE;
      case 36 -> KerberosRejection.CLIENT_MISMATCH;
      case 37 -> KerberosRejection.CLOCK_SKEW;
      case 38 -> KerberosRejection.WRONG_ADDRESS;
      case 14, 15 -> KerberosRejection.WEAK_ENCRYPTION;
      case 44 -> KerberosRejection.KEYTAB_STALE;
      case 45 -> KerberosRejection.NO_KEY;
      default -> KerberosRejection.NOT_ACCEPTED;
    };
  }

  private static void dispose(@Nullable GSSContext context) {
    if (context == null) {
      return;
    }
    try {
      context.dispose();
    } catch (GSSException leftToTheCollector) {
      // Nothing to release but memory.
      return;
    }
  }
}
