// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.k8s.token.TokenIdentity;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long callers wait for the judgement of their tokens while one source sends tokens that nobody
 * knows, 20,000 of them in turn, that look as if they were good. By a real API server.
 */
public final class TokenFlood {
  private static final int EACH_SECOND = 50_000;
  private static final int SLICES = 1_000;
  private static final int UNKNOWN = 20_000;
  private static final int CALLS = 4_000;
  private static final int NEW_EVERY = 100;

  private final CallerVerifier callers;
  private final List<String> good = new ArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  private TokenFlood(KubernetesClient client, TokenIdentity identity) {
    this.callers = identity.callers();
    var request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withAudiences("orders")
            .withExpirationSeconds(3_600L)
            .endSpec()
            .build();
    for (int i = 0; i < 2 * CALLS / NEW_EVERY; i++) {
      good.add(
          client
              .serviceAccounts()
              .inNamespace("default")
              .withName("default")
              .tokenRequest(
                  new TokenRequestBuilder(request)
                      .editSpec()
                      .addToAudiences("other-" + i)
                      .endSpec()
                      .build())
              .getStatus()
              .getToken());
    }
  }

  /**
   * Measures and prints.
   *
   * @param args the path of a kubeconfig
   * @throws Exception if the cluster does not answer
   */
  public static void main(String[] args) throws Exception {
    Config config = Config.fromKubeconfig(Files.readString(Path.of(args[0])));
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
        TokenIdentity identity =
            TokenIdentity.builder()
                .using(client)
                .issuer("https://kubernetes.default.svc.cluster.local")
                .audience("orders")
                .open()) {
      new TokenFlood(client, identity).measure();
    }
  }

  private void measure() throws Exception {
    calls(good.subList(0, good.size() / 2), "warm-up", false);
    System.out.printf(
        "%n| JDK %s | known: p50 | p99 | longest | new: p50 | longest |%n|---|---|---|---|---|---|%n",
        System.getProperty("java.version"));
    calls(good.subList(0, good.size() / 2), "no flood, all known", true);
    var ends = new AtomicBoolean();
    Thread flood = new Thread(() -> flood(ends), "flood");
    flood.start();
    long start = System.nanoTime();
    calls(good.subList(good.size() / 2, good.size()), "flood", true);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "%n%,.0f unknown tokens a second, of which %.3f %% were refused without a review%n",
        sent.get() / seconds, 100.0 * refused.get() / sent.get());
    ends.set(true);
    flood.join();
  }

  /** A call each millisecond; every hundredth brings a token for the first time. */
  private void calls(List<String> tokens, String what, boolean print) throws Exception {
    var known = new long[CALLS];
    var fresh = new ArrayList<Long>();
    int count = 0;
    for (int i = 0; i < CALLS; i++) {
      boolean isNew = i % NEW_EVERY == 0;
      CallerEvidence evidence = evidence("10.0.0.7", tokens.get(i / NEW_EVERY));
      long start = System.nanoTime();
      if (!callers.claims(evidence)
          || !(callers.verifyAsync(evidence).toCompletableFuture().get(10, TimeUnit.SECONDS)
              instanceof Verified)) {
        throw new IllegalStateException("A good token is good");
      }
      long took = System.nanoTime() - start;
      if (isNew) {
        fresh.add(took);
      } else {
        known[count++] = took;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    if (print) {
      long[] all = Arrays.copyOf(known, count);
      long[] firsts = fresh.stream().mapToLong(Long::longValue).toArray();
      System.out.printf(
          "| %s | %s | %s | %s | %s | %s |%n",
          what, at(all, 0.5), at(all, 0.99), at(all, 1), at(firsts, 0.5), at(firsts, 1));
    }
  }

  private static String at(long[] nanos, double share) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int index = (int) Math.min(sorted.length - 1, Math.floor(sorted.length * share));
    return String.format("%.3f ms", sorted[index] / 1e6);
  }

  private void flood(AtomicBoolean ends) {
    List<String> unknown = unknown();
    long slice = TimeUnit.SECONDS.toNanos(1) / SLICES;
    long next = System.nanoTime();
    for (int i = 0; !ends.get(); i++) {
      CallerEvidence evidence = evidence("10.0.0.66", unknown.get(i % UNKNOWN));
      if (!callers.claims(evidence)) {
        throw new IllegalStateException("It looks as if it were ours");
      }
      if (callers.verifyAsync(evidence).toCompletableFuture().isDone()) {
        refused.incrementAndGet();
      }
      if (sent.incrementAndGet() % (EACH_SECOND / SLICES) == 0) {
        next += slice;
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
  }

  /** Each with another signature. */
  private List<String> unknown() {
    var tokens = new ArrayList<String>(UNKNOWN);
    String like = good.get(0);
    int signature = like.lastIndexOf('.') + 1;
    for (int i = 0; i < UNKNOWN; i++) {
      tokens.add(
          like.substring(0, signature) + String.format("%08d", i) + like.substring(signature + 8));
    }
    return tokens;
  }

  private static CallerEvidence evidence(String from, String token) {
    return CallerEvidence.of(
            new InetSocketAddress(from, 40_000), new InetSocketAddress("127.0.0.1", 8443))
        .headers(Map.of("Authorization", List.of("Bearer " + token)));
  }
}
