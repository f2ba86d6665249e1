// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.benchmarks.FilterWorld.Proof;
import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.testkit.EmbeddedKdc;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Web, which calls by wrk: from its own address, with its certificate, or with tokens that are made
 * beforehand, each for one request.
 */
final class FilterCaller implements AutoCloseable {
  static final int THREADS = 2;
  static final int CONNECTIONS = 32;
  private static final String CORES = "2,3";

  private final FilterWorld world;
  private final Path preloaded;
  private final Path script;
  private final EmbeddedKdc kdc;
  private final KerberosIdentity web;
  private final ChannelBinding binding;

  /** Makes the world. */
  FilterCaller(FilterWorld world, Path preloaded, Path script) throws IOException {
    this.world = world;
    this.preloaded = preloaded;
    this.script = script;
    DevelopmentCa ca = DevelopmentCa.create(FilterWorld.DOMAIN, Clock.systemUTC());
    IssuedCertificate orders = ca.issue(template("orders"));
    orders.writeTo(world.files("orders"));
    ca.issue(template("web")).writeTo(world.files("web"));
    this.binding = ChannelBinding.tlsServerEndPoint(orders.chain().get(0));
    this.kdc = EmbeddedKdc.start(FilterWorld.REALM);
    kdc.principal(FilterWorld.ORDERS);
    kdc.principal(FilterWorld.WEB);
    kdc.keytab(world.keytab("orders"), FilterWorld.ORDERS);
    kdc.keytab(world.keytab("web"), FilterWorld.WEB);
    this.web =
        KerberosIdentity.builder()
            .principal(FilterWorld.WEB + "@" + FilterWorld.REALM)
            .keytab(world.keytab("web"))
            .krb5Conf(kdc.krb5Conf())
            .open();
  }

  static LeafTemplate template(String account) {
    return LeafTemplate.spiffe("spiffe://" + FilterWorld.DOMAIN + "/ns/shop/sa/" + account);
  }

  /**
   * Calls for so long.
   *
   * @param seconds how long
   * @param tokens where {@link #makeTokens} has put them, or null where the certificate is the
   *     proof
   */
  WrkReport call(Proof proof, int port, int seconds) throws IOException, InterruptedException {
    String scheme = proof.overTls ? "https" : "http";
    List<String> command =
        new ArrayList<>(
            List.of(
                "taskset",
                "-c",
                CORES,
                "wrk",
                "--latency",
                "-t" + THREADS,
                "-c" + CONNECTIONS,
                "-d" + seconds + "s"));
    if (proof != Proof.MTLS) {
      command.addAll(List.of("-s", script.toString()));
    }
    command.add(scheme + "://" + FilterWorld.ORDERS_ADDRESS + ":" + port + "/orders/7");
    if (proof != Proof.MTLS) {
      command.addAll(List.of("--", tokens().toString()));
    }
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LD_PRELOAD", preloaded.toString());
    builder.environment().put("WRK_SOURCE", FilterWorld.WEB_ADDRESS);
    if (proof == Proof.MTLS) {
      builder.environment().put("WRK_CHAIN", world.files("web").resolve("tls.crt").toString());
      builder.environment().put("WRK_KEY", world.files("web").resolve("tls.key").toString());
    }
    Process wrk = builder.start();
    String report = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    wrk.waitFor(1, TimeUnit.MINUTES);
    return WrkReport.parse(report);
  }

  /** Makes new tokens, by all cores, for the calls until they are made anew. */
  void makeTokens(Proof proof, int count) {
    Target orders = Target.of(URI.create("https://orders.shop"));
    Target target = proof.overTls ? orders.channelBinding(binding) : orders;
    IntStream.range(0, THREADS)
        .parallel()
        .forEach(thread -> write(Path.of(tokens() + "." + thread), target, count / THREADS));
  }

  @Override
  public void close() {
    web.close();
    kdc.close();
  }

  private Path tokens() {
    return world.directory().resolve("tokens");
  }

  private void write(Path file, Target target, int count) {
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (int i = 0; i < count; i++) {
        var token = new StringBuilder();
        web.credentialsFor(target).applyTo((name, value) -> token.append(value));
        lines.append(token.append('\n'));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
