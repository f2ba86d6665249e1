// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.development;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.spi.CertificateIssuer;
import dev.serviceidentity.spi.CertificateIssuer.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.AbstractThrowableAssert;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the endpoint gives, and to whom it gives nothing. */
class IssuingEndpointTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String WEB = "spiffe://shop.example/ns/shop/sa/web";

  private final DevelopmentCa ca = DevelopmentCa.create("shop.example", Clock.systemUTC());
  private IssuingEndpoint endpoint;

  @BeforeEach
  void start() {
    endpoint = IssuingEndpoint.start(ca, TOKEN);
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Test
  void whoeverShowsTheTokenIsGivenWhatIsAskedFor() throws Exception {
    KeyPair keys = keys();

    Issued issued = remote(TOKEN).issue(request(keys, keys, WEB), HOUR);

    assertThat(issued.chain()).hasSize(1);
    assertThat(issued.chain().get(0).getPublicKey()).isEqualTo(keys.getPublic());
    assertThat(issued.chain().get(0).getSubjectAlternativeNames().toString()).contains(WEB);
    assertThat(issued.authorities()).containsExactly(ca.certificate());
  }

  /** A proxy would learn the token, and could answer with authorities of its own. */
  @Test
  void noProxyOfTheJvmIsAsked() throws Exception {
    ProxySelector before = ProxySelector.getDefault();
    var asked = new ConcurrentLinkedQueue<URI>();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            asked.add(uri);
            return before.select(uri);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            before.connectFailed(uri, address, failure);
          }
        });
    try {
      KeyPair keys = keys();
      remote(TOKEN).issue(request(keys, keys, WEB), HOUR);

      assertThat(asked).noneMatch(uri -> uri.getPort() == endpoint.uri().getPort());
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @Test
  void itListensOnLoopback() throws Exception {
    assertThat(InetAddress.getByName(endpoint.uri().getHost()).isLoopbackAddress()).isTrue();
  }

  @Test
  void aWrongTokenIsGivenNothingAndNotShown() throws Exception {
    KeyPair keys = keys();
    byte[] request = request(keys, keys, WEB);

    refused(remote("fedcba9876543210"), request, HOUR)
        .hasMessageContaining("answered 401")
        .hasMessageNotContaining("fedcba");
    assertThat(remote(TOKEN).toString()).doesNotContain(TOKEN);
  }

  @Test
  void noTokenAndOtherMethodsAndPathsGiveNothing() throws Exception {
    HttpRequest.Builder plain = HttpRequest.newBuilder(endpoint.uri());

    assertThat(status(plain.copy().GET())).isEqualTo(401);
    assertThat(status(plain.copy().header("Authorization", "Bearer " + TOKEN).GET()))
        .isEqualTo(405);
    assertThat(status(HttpRequest.newBuilder(URI.create(endpoint.uri() + "/x")).GET()))
        .isEqualTo(404);
    assertThat(
            status(
                plain
                    .header("Authorization", "Bearer " + TOKEN)
                    .POST(HttpRequest.BodyPublishers.noBody())))
        .isEqualTo(400);
  }

  @Test
  void aShortTokenIsNotTaken() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IssuingEndpoint.start(ca, "secret"))
        .withMessageContaining("at least 16 characters");
  }

  @Test
  void aRequestThatItsKeyHasNotSignedIsRefused() throws Exception {
    byte[] request = request(keys(), keys(), WEB);

    refused(remote(TOKEN), request, HOUR).hasMessageContaining("is not signed by its own key");
    refused(ca, request, HOUR).hasMessageContaining("is not signed by its own key");
  }

  @Test
  void aRequestWithoutNameIsRefused() throws Exception {
    KeyPair keys = keys();
    byte[] request =
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=web"), keys.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
            .getEncoded();

    refused(ca, request, HOUR).hasMessageContaining("asks for no name; give it");
  }

  @Test
  void noLifetimeIsLongerThanTheAuthoritys() throws Exception {
    KeyPair keys = keys();
    byte[] request = request(keys, keys, WEB);

    refused(ca, request, Duration.ofDays(31)).hasMessageContaining("ask for at most 30 days");
    refused(ca, request, Duration.ZERO).hasMessageContaining("cannot be valid for PT0S");
  }

  @Test
  void tooMuchIsRefused() {
    refused(remote(TOKEN), new byte[70_000], HOUR).hasMessageContaining("longer than 64 KiB");
  }

  @Test
  void anEndpointThatIsGoneIsUnreachable() throws Exception {
    CertificateIssuer issuer = remote(TOKEN);
    endpoint.close();

    assertThatThrownBy(() -> issuer.issue(new byte[1], HOUR))
        .isInstanceOfSatisfying(
            IdentityException.class,
            e -> assertThat(e.code()).isEqualTo(Code.AUTHORITY_UNREACHABLE))
        .hasMessageContaining("does not answer; start it");
  }

  @Test
  void aClientThatStopsInTheMiddleOfItsRequestKeepsNobodyWaiting() throws Exception {
    try (var stalled = new Socket(endpoint.uri().getHost(), endpoint.uri().getPort())) {
      String half =
          "POST /certificates?seconds=60 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
              + TOKEN
              + "\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n";
      stalled.getOutputStream().write(half.getBytes(US_ASCII));
      assertThat(stalled.getInputStream().read()).as("it is being read").isEqualTo('H');

      assertThat(status(HttpRequest.newBuilder(endpoint.uri()).GET())).isEqualTo(401);
    }
  }

  @Test
  void itsThreadsEndWithTheProgram() throws Exception {
    var group = new ThreadGroup("a program");
    var started = new FutureTask<>(() -> IssuingEndpoint.start(ca, TOKEN));
    var main = new Thread(group, started);
    main.setDaemon(false);
    main.start();
    try (IssuingEndpoint mine = started.get(30, TimeUnit.SECONDS)) {
      main.join(30_000);
      assertThat(status(HttpRequest.newBuilder(mine.uri()).GET())).isEqualTo(401);

      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> group.equals(thread.getThreadGroup()))
          .isNotEmpty()
          .allMatch(Thread::isDaemon);
    }
  }

  @Test
  void anErrorOfTheAuthorityIsAnsweredAndMayBeOverNextTime() throws Exception {
    var broken = new AtomicBoolean();
    DevelopmentCa fragile = DevelopmentCa.create("shop.example", breaking(broken));
    broken.set(true);
    KeyPair keys = keys();
    byte[] request = request(keys, keys, WEB);
    try (IssuingEndpoint at = IssuingEndpoint.start(fragile, TOKEN)) {
      assertThatThrownBy(() -> RemoteDevelopmentCa.at(at.uri(), TOKEN).issue(request, HOUR))
          .isInstanceOfSatisfying(
              IdentityException.class,
              e -> assertThat(e.code()).isEqualTo(Code.AUTHORITY_UNREACHABLE))
          .hasMessageContaining("answered 500")
          .hasMessageContaining("see its log");
    }
  }

  @Test
  void anAddressThatIsTakenLeavesNothingOpen() {
    var taken = new InetSocketAddress(endpoint.uri().getHost(), endpoint.uri().getPort());

    assertThatThrownBy(() -> IssuingEndpoint.startAt(taken, ca, TOKEN))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot listen at");
  }

  @Test
  void onlyHttpIsSpokenToARemoteAuthority() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RemoteDevelopmentCa.at(URI.create("ftp://ca.shop/certificates"), TOKEN))
        .withMessageContaining("http");
  }

  @Test
  void changedRequestsAreRefused() throws Exception {
    KeyPair keys = keys();
    byte[] good = request(keys, keys, WEB);
    long seed = new SecureRandom().nextLong();
    System.out.println("Seed " + seed);
    Random random = new Random(seed);
    int issued = 0;
    for (int round = 0; round < 500; round++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
      try {
        ca.issue(bytes, HOUR);
        issued++;
      } catch (IdentityException refused) {
        assertThat(refused.code()).isEqualTo(Code.REFUSED);
      }
    }
    assertThat(issued).as("signatures cover all that counts").isLessThan(10);
  }

  private static Clock breaking(AtomicBoolean broken) {
    return new Clock() {
      @Override
      public Instant instant() {
        if (broken.get()) {
          throw new IllegalStateException("a bug");
        }
        return Instant.now();
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
      }
    };
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(
      CertificateIssuer issuer, byte[] request, Duration lifetime) {
    return assertThatThrownBy(() -> issuer.issue(request, lifetime))
        .isInstanceOfSatisfying(
            IdentityException.class, e -> assertThat(e.code()).isEqualTo(Code.REFUSED));
  }

  private CertificateIssuer remote(String token) {
    return RemoteDevelopmentCa.at(endpoint.uri(), token);
  }

  private static int status(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static byte[] request(KeyPair named, KeyPair signer, String id) throws Exception {
    var extensions = new ExtensionsGenerator();
    extensions.addExtension(
        Extension.subjectAlternativeName,
        true,
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, id)));
    return new JcaPKCS10CertificationRequestBuilder(new X500Name(""), named.getPublic())
        .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
        .getEncoded();
  }
}
