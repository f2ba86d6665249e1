// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.kerberos.acceptor.Acceptor;
import dev.serviceidentity.kerberos.acceptor.AcceptorSettings;
import dev.serviceidentity.kerberos.acceptor.ServiceKeys;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.NegotiateToken;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;

/**
 * The native acceptor without HTTP around it: from the bytes of a token to the bytes of the answer,
 * as the GSS-API's acceptors are called.
 */
public final class BareAcceptor {
  private final Acceptor acceptor;
  private final CallerEvidence evidence;

  private BareAcceptor(Acceptor acceptor) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    this.acceptor = acceptor;
    this.evidence =
        CallerEvidence.of(
            new InetSocketAddress(loopback, 40000), new InetSocketAddress(loopback, 8080));
  }

  /**
   * An acceptor with the settings that an identity has unless it is told otherwise.
   *
   * @param keytab the keytab
   * @param principal the principal in it
   * @return an acceptor of its own, with empty caches
   * @throws IOException if the keytab cannot be read
   */
  public static BareAcceptor open(Path keytab, String principal) throws IOException {
    Clock clock = Clock.systemUTC();
    var file = new KeytabFile(keytab, PrincipalName.parse(principal));
    var keys = new ServiceKeys(file.entries(), clock.instant());
    return new BareAcceptor(AcceptorSettings.USUAL.acceptors(file.realms(), clock).apply(keys));
  }

  /**
   * Accepts one token.
   *
   * @param token a token of the GSS-API
   * @return whether it was accepted, with an answer if it wants one
   */
  public boolean accepts(byte[] token) {
    try {
      NegotiateToken read = NegotiateToken.read(token);
      ApRequest request = ApRequest.read(read.apRequest());
      Acceptor.Accepted accepted = acceptor.accept(read, request, evidence);
      return !request.wantsMutual() || accepted.reply() != null;
    } catch (RefusedTokenException refused) {
      return false;
    }
  }
}
