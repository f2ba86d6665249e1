// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls between the services, honest ones and others, and finds what was recorded of them.
 */
public final class Calls {
  private static final int OK = 200;

  private final Shop shop;

  /** Calls between the services of a shop. */
  public Calls(Shop shop) {
    this.shop = shop;
  }

  /** With the caller's certificate. */
  public Outcome byCertificate(Member from, Member to) throws IOException, InterruptedException {
    return call(from, certificateOf(from), to, List.of());
  }

  /** With the caller's certificate, which must not be one that the called service has seen. */
  Outcome byNewCertificate(Member from, Member to) throws IOException, InterruptedException {
    Set<String> seen =
        shop.service(to).events().events().stream()
            .flatMap(event -> event.proof().fingerprints().stream())
            .collect(Collectors.toSet());
    Outcome outcome = byCertificate(from, to);
    require(
        outcome.event().proof().fingerprints().stream().noneMatch(seen::contains),
        from + " still shows its old certificate");
    return outcome;
  }

  /**
   * With a Kerberos ticket, over TLS that proves the server only; the reply must be proven, too.
   */
  Outcome byKerberos(Member from, Member to)
      throws IOException, InterruptedException, GeneralSecurityException {
    return withTicket(from, to, withoutCertificate(from));
  }

  Outcome byBoth(Member from, Member to) throws IOException, InterruptedException {
    return withTicket(from, to, certificateOf(from));
  }

  /**
   * With a ticket, for something that the called service needs a third one for.
   *
   * @param from who calls
   * @param via who is called, and calls on
   * @param thing what is asked for
   * @param to who is called in the end
   * @return what came of the second call
   */
  public Outcome onward(Member from, Member via, URI thing, Member to)
      throws IOException, InterruptedException, GeneralSecurityException {
    var listening = Listening.to(shop.service(to));
    Outcome first = withTicket(from, withoutCertificate(from), via, thing);
    return new Outcome(first.status(), listening.next());
  }

  Outcome byNothing(Member from, Member to)
      throws IOException, InterruptedException, GeneralSecurityException {
    ShopService called = shop.service(to);
    var listening = Listening.to(called);
    ShopClient.Reply reply =
        new ShopClient(from.address(), withoutCertificate(from)).get(called.uri(), List.of());
    require(reply.values("WWW-Authenticate").contains("Negotiate"), to + " gave no challenge");
    return new Outcome(reply.status(), listening.next());
  }

  /** With a token that was used already, as somebody would who has recorded the first call. */
  Outcome byReplayedTicket(Member from, Member to)
      throws IOException, InterruptedException, GeneralSecurityException {
    List<HeaderField> captured = fields(ticket(from, to));
    call(from, withoutCertificate(from), to, captured);
    return call(from, withoutCertificate(from), to, captured);
  }

  /** With the certificate and key of one service, from the address of another. */
  Outcome byStolenCertificate(Member owner, Member thief, Member to)
      throws IOException, InterruptedException {
    return call(thief, certificateOf(owner), to, List.of());
  }

  /** With keys that the called service's TLS stack must refuse by itself. */
  Outcome refusedInHandshake(Member from, Member to, KeyManager keys)
      throws InterruptedException, GeneralSecurityException {
    ShopService called = shop.service(to);
    var listening = Listening.to(called);
    try {
      var reply = new ShopClient(from.address(), tls(keys, from)).get(called.uri(), List.of());
      throw new IllegalStateException(called.uri() + " answered " + reply.status());
    } catch (IOException refused) {
      // Expected; the reason is not for the client to know, so it is read from the event.
      return new Outcome(Outcome.NO_RESPONSE, listening.next());
    }
  }

  private Outcome withTicket(Member from, Member to, SSLSocketFactory tls)
      throws IOException, InterruptedException {
    return withTicket(from, tls, to, shop.service(to).uri());
  }

  private Outcome withTicket(Member from, SSLSocketFactory tls, Member to, URI uri)
      throws IOException, InterruptedException {
    RequestCredentials ticket = ticket(from, to);
    var listening = Listening.to(shop.service(to));
    ShopClient.Reply reply = new ShopClient(from.address(), tls).get(uri, fields(ticket));
    Reply proof = ticket.verifyReply(reply.status(), reply.headers());
    require(
        reply.status() != OK || proof instanceof Reply.Complete,
        to + " did not prove its own identity");
    return new Outcome(reply.status(), listening.next());
  }

  private Outcome call(Member from, SSLSocketFactory tls, Member to, List<HeaderField> fields)
      throws IOException, InterruptedException {
    ShopService called = shop.service(to);
    var listening = Listening.to(called);
    ShopClient.Reply reply = new ShopClient(from.address(), tls).get(called.uri(), fields);
    return new Outcome(reply.status(), listening.next());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  private RequestCredentials ticket(Member from, Member to) {
    URI uri = shop.service(to).uri();
    return shop.service(from)
        .identity()
        .credentialsFor(Target.of(uri).servicePrincipal(to.kerberosPrincipal()));
  }

  private static List<HeaderField> fields(RequestCredentials credentials) {
    List<HeaderField> fields = new ArrayList<>();
    credentials.applyTo((name, value) -> fields.add(new HeaderField(name, value)));
    return fields;
  }

  private SSLSocketFactory certificateOf(Member member) {
    return shop.service(member).identity().tls().sslContext().getSocketFactory();
  }

  private SSLSocketFactory withoutCertificate(Member member) throws GeneralSecurityException {
    return tls(null, member);
  }

  private SSLSocketFactory tls(@Nullable KeyManager keys, Member trusting)
      throws GeneralSecurityException {
    X509ExtendedTrustManager trust = shop.service(trusting).identity().tls().trustManager();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys == null ? null : new KeyManager[] {keys}, new TrustManager[] {trust}, null);
    return context.getSocketFactory();
  }
}
