// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.mtls.forwarded.ForwardedCallers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What reaches {@code shop/orders}, which trusts a gateway that writes XFCC, an nginx that writes
 * Client-Cert, Istio's sidecar on 127.0.0.6 and Linkerd's on 127.0.0.7.
 */
final class ForwardedRequests implements AutoCloseable {
  static final String GATEWAY = "spiffe://shop.example/ns/edge/sa/gateway";
  static final String NGINX = "spiffe://shop.example/ns/edge/sa/nginx";
  static final String BATCH = "spiffe://shop.example/ns/shop/sa/batch";
  static final String XFCC = "X-Forwarded-Client-Cert";
  static final String CLIENT_CERT = "Client-Cert";
  static final String CHAIN = "Client-Cert-Chain";
  static final String L5D = "l5d-client-id";
  static final String BY = "By=" + GATEWAY;
  static final String GOOD = BY + ";URI=" + World.WEB;

  final World world;
  final MtlsIdentity orders;

  /** The same service, which believes the last of several elements. */
  final MtlsIdentity appended;

  final IssuedCertificate web;
  final IssuedCertificate gateway;
  private final IssuedCertificate nginx;
  private final IssuedCertificate batch;

  ForwardedRequests(Path directory) throws UnknownHostException {
    world = new World(directory);
    world.issue("orders", World.ORDERS);
    var trusted =
        ForwardedCallers.builder()
            .xForwardedClientCertFrom(GATEWAY)
            .clientCertFrom(NGINX)
            .trustSidecarOn(InetAddress.getByName("127.0.0.6"))
            .trustLinkerdSidecarOn(InetAddress.getByName("127.0.0.7"))
            .build();
    orders = world.open("orders", builder -> builder.forwarded(trusted));
    appended =
        world.open(
            "orders",
            builder ->
                builder.forwarded(
                    ForwardedCallers.builder()
                        .xForwardedClientCertFrom(GATEWAY)
                        .appending()
                        .build()));
    web = world.ca.issue(LeafTemplate.spiffe(World.WEB));
    gateway = world.ca.issue(LeafTemplate.spiffe(GATEWAY));
    nginx = world.ca.issue(LeafTemplate.spiffe(NGINX));
    batch = world.ca.issue(LeafTemplate.spiffe(BATCH));
  }

  /** Names and values in turn; a name that comes again is another line. */
  CallerEvidence fromGateway(String... fields) {
    return from("10.1.0.5", fields).peerCertificates(gateway.chain());
  }

  CallerEvidence fromNginx(String... fields) {
    return from("10.1.0.6", fields).peerCertificates(nginx.chain());
  }

  /** A workload that is trusted by its authority and by nobody to forward. */
  CallerEvidence fromBatch(String... fields) {
    return from("10.1.0.7", fields).peerCertificates(batch.chain());
  }

  static CallerEvidence from(String address, String... fields) {
    String local = address.startsWith("127.") ? "127.0.0.1" : "10.1.0.9";
    Map<String, List<String>> headers = new TreeMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      headers.computeIfAbsent(fields[i], name -> new ArrayList<>()).add(fields[i + 1]);
    }
    return CallerEvidence.of(
            new InetSocketAddress(address, 40000), new InetSocketAddress(local, 8080))
        .headers(headers);
  }

  Caller caller(CallerEvidence evidence) {
    assertThat(orders.callers().claims(evidence)).isTrue();
    return orders.callers().verify(evidence).orElseThrow();
  }

  /** The caller's SPIFFE ID where several elements are believed. */
  String nameAppended(CallerEvidence evidence) {
    return appended.callers().verify(evidence).orElseThrow().principal().nativeName();
  }

  /** The caller's SPIFFE ID. */
  String name(CallerEvidence evidence) {
    return caller(evidence).principal().nativeName();
  }

  Verification.Rejected refused(CallerEvidence evidence, Reason reason, String remedy) {
    return refused(orders, evidence, reason, remedy);
  }

  static Verification.Rejected refused(
      MtlsIdentity service, CallerEvidence evidence, Reason reason, String remedy) {
    assertThat(service.callers().claims(evidence)).isTrue();
    Verification verification = service.callers().verify(evidence);
    assertThat(verification).isInstanceOf(Verification.Rejected.class);
    var rejected = (Verification.Rejected) verification;
    assertThat(rejected.reason()).as(rejected.detail()).isEqualTo(reason);
    assertThat(reason.remedy()).contains(remedy);
    assertThat(rejected.detail()).contains("forwarded by");
    assertThat(rejected.reply()).as("the proxy's connection carries others too").isEmpty();
    return rejected;
  }

  /** PEM as Envoy encodes it, and nginx for {@code $ssl_client_escaped_cert}. */
  static String escaped(X509Certificate... chain) {
    var pem = new StringBuilder();
    for (X509Certificate certificate : chain) {
      pem.append("-----BEGIN CERTIFICATE-----\n")
          .append(
              Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(Draft.der(certificate)))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return URLEncoder.encode(pem.toString(), StandardCharsets.US_ASCII).replace("+", "%20");
  }

  static String field(X509Certificate certificate) {
    return ":" + Base64.getEncoder().encodeToString(Draft.der(certificate)) + ":";
  }

  static String sha256(X509Certificate certificate) {
    return Fingerprint.of(certificate).substring("sha256:".length());
  }

  @Override
  public void close() throws Exception {
    world.close();
  }
}
