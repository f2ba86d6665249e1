// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static dev.serviceidentity.kerberos.RefusedTokenException.malformed;

import dev.serviceidentity.spi.ForeignText;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
 * <p>The JDK is given the keys, and not the file, so that it and {@link ServiceKeys} always work
 * with the same ones.
 */
final class GssAcceptor {
  private final GSSManager manager = GSSManager.getInstance();
  private final GSSCredential credential;

  private GssAcceptor(GSSCredential credential) {
    this.credential = credential;
  }

  static GssAcceptor of(PrincipalName principal, ServiceKeys keys) {
    var owner = new KerberosPrincipal(principal.toString());
    var secrets = new HashSet<KerberosKey>();
    for (KeytabEntry entry : keys.entries()) {
      secrets.add(new KerberosKey(owner, entry.key(), entry.etype(), (int) entry.kvno()));
    }
    var subject = new Subject(true, Set.of(owner), Set.of(), secrets);
    try {
      return new GssAcceptor(
          Subject.doAs(
              subject, (PrivilegedExceptionAction<GSSCredential>) GssAcceptor::credential));
    } catch (PrivilegedActionException failed) {
      throw new IllegalStateException(
          "The JDK's GSS-API takes no keys for " + principal, failed.getCause());
    }
  }

  /**
   * Accepts one token of the Kerberos mechanism; a negotiation of several is not continued.
   *
   * @return the token to answer with, if the caller wants an answer
   */
  Optional<byte[]> accept(byte[] token) throws RefusedTokenException {
    GSSContext context = null;
    try {
      context = manager.createContext(credential);
      byte[] reply = context.acceptSecContext(token, 0, token.length);
      if (!context.isEstablished()) {
        throw new RefusedTokenException(
            KerberosRejection.CONTINUATION_UNSUPPORTED, "the caller expects another round");
      }
      // Credentials that the caller delegates are never asked for, and end with the context.
      return Optional.ofNullable(reply);
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
