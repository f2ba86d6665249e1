// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import java.net.Socket;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rotations before, between and inside handshakes: none of which fails. */
class RotationUnderLoadTest {
  /** 10,000 of either end with the profile {@code soak}. */
  private static final int ROTATIONS = Integer.getInteger("identity.rotations", 200);

  private static final int INSIDE = 20;
  private static final int THREADS = 4;

  @TempDir Path directory;
  private World world;
  private MtlsIdentity orders;
  private MtlsIdentity web;

  @BeforeEach
  void open() {
    world = new World(directory);
    world.issue("orders", World.ORDERS);
    world.issue("web", World.WEB);
    orders = world.open("orders");
    web = world.open("web");
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void twentyRotationsBetweenAnyTwoQuestionsOfAHandshakeBreakNothing(String protocol)
      throws Exception {
    var rotations = new AtomicInteger();
    AnsweringServer server =
        world.serve(orders, context(orders, rotating("orders", orders, rotations)));
    SSLContext client = context(web, rotating("web", web, rotations));
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {protocol});

    assertThat(server.ask(client, parameters)).startsWith("mtls:" + World.WEB);

    assertThat(rotations.get()).as("rotations in one handshake").isGreaterThan(4 * INSIDE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void twentyRotationsInsideAHandshakeOfTheContextBreakNothing(String protocol) throws Exception {
    var rotations = new AtomicInteger();
    AnsweringServer server = world.serve(orders);
    MtlsIdentity client =
        world.open(
            "web",
            b ->
                b.servers(
                    p -> {
                      rotate("orders", orders, rotations);
                      rotate("web", web, rotations);
                      return true;
                    }));
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {protocol});

    assertThat(server.ask(client.tls().orElseThrow().sslContext(), parameters))
        .startsWith("mtls:" + World.WEB);

    assertThat(rotations).hasValue(2 * INSIDE);
  }

  @Test
  void noHandshakeFailsWhileBothEndsRotateAllTheTime() throws Exception {
    AnsweringServer byContext = world.serve(orders);
    AnsweringServer byManagers =
        world.serve(orders, context(orders, orders.tls().orElseThrow().keyManager()));
    var done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Integer>> calling = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        AnsweringServer server = i % 2 == 0 ? byContext : byManagers;
        boolean managers = i < 2;
        calling.add(threads.submit(() -> callUntil(done, server, managers)));
      }
      rotateAllTheTime();
      done.set(true);
      int handshakes = 0;
      for (Future<Integer> calls : calling) {
        int made = calls.get(60, TimeUnit.SECONDS);
        assertThat(made).isGreaterThan(ROTATIONS / 50);
        handshakes += made;
      }
      System.out.println(
          ROTATIONS + " rotations of either end, " + handshakes + " handshakes, none failed");
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
    assertThat(world.refusals()).isEmpty();
  }

  private void rotateAllTheTime() {
    List<IssuedCertificate> ofOrders = issue(World.ORDERS);
    List<IssuedCertificate> ofWeb = issue(World.WEB);
    long first = orders.current().generation();
    for (int i = 0; i < ROTATIONS; i++) {
      ofOrders.get(i % ofOrders.size()).writeTo(world.files("orders"));
      orders.refresh();
      ofWeb.get(i % ofWeb.size()).writeTo(world.files("web"));
      web.refresh();
    }
    assertThat(orders.current().generation()).isGreaterThanOrEqualTo(first + ROTATIONS);
  }

  private int callUntil(AtomicBoolean done, AnsweringServer server, boolean managers)
      throws Exception {
    int calls = 0;
    while (!done.get()) {
      TlsMaterial tls = web.tls().orElseThrow();
      SSLContext context = managers ? context(web, tls.keyManager()) : tls.sslContext();
      assertThat(server.ask(context, new SSLParameters())).startsWith("mtls:" + World.WEB);
      calls++;
    }
    return calls;
  }

  private List<IssuedCertificate> issue(String id) {
    return IntStream.range(0, 16).mapToObj(i -> world.ca.issue(World.template(id))).toList();
  }

  private void rotate(String service, MtlsIdentity identity, AtomicInteger rotations) {
    long before = identity.current().generation();
    for (int i = 0; i < INSIDE; i++) {
      world.issue(service, identity.current().principal().nativeName());
      identity.refresh();
    }
    assertThat(identity.current().generation()).isGreaterThanOrEqualTo(before + INSIDE);
    rotations.addAndGet(INSIDE);
  }

  private X509ExtendedKeyManager rotating(
      String service, MtlsIdentity identity, AtomicInteger rotations) {
    return new Rotating(
        identity.tls().orElseThrow().keyManager(), () -> rotate(service, identity, rotations));
  }

  private static SSLContext context(MtlsIdentity identity, X509ExtendedKeyManager keys)
      throws Exception {
    return PlainClient.of(
        new KeyManager[] {keys}, new TrustManager[] {identity.tls().orElseThrow().trustManager()});
  }

  /** Rotates after each answer. */
  private static final class Rotating extends X509ExtendedKeyManager {
    private final X509ExtendedKeyManager keys;
    private final Runnable rotation;

    Rotating(X509ExtendedKeyManager keys, Runnable rotation) {
      this.keys = keys;
      this.rotation = rotation;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return rotated(keys.chooseClientAlias(types, issuers, socket));
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return rotated(keys.chooseServerAlias(type, issuers, socket));
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      return rotated(keys.chooseEngineClientAlias(types, issuers, engine));
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
      return rotated(keys.chooseEngineServerAlias(type, issuers, engine));
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return rotated(keys.getPrivateKey(alias));
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return rotated(keys.getCertificateChain(alias));
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return keys.getClientAliases(type, issuers);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return keys.getServerAliases(type, issuers);
    }

    private <T> T rotated(T answer) {
      rotation.run();
      return answer;
    }
  }
}
