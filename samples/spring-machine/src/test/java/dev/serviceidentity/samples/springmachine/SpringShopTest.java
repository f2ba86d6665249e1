// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springmachine;

import static dev.serviceidentity.samples.shop.Member.BATCH;
import static dev.serviceidentity.samples.shop.Member.ORDERS;
import static dev.serviceidentity.samples.shop.Member.PAYMENTS;
import static dev.serviceidentity.samples.shop.Member.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.samples.shop.Member;
import dev.serviceidentity.samples.shop.Rotation;
import dev.serviceidentity.samples.shop.ShopClient.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The services as their callers and operators see them, over real sockets. */
@ResourceLock(RunningShop.LOCK)
class SpringShopTest {
  private static final Pattern DECISION = Pattern.compile("\"decision\":\"([0-9a-f]+)\"");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static RunningShop running;

  @TempDir private static Path folder;

  @BeforeAll
  static void open() throws Exception {
    running = RunningShop.open(folder);
  }

  @AfterAll
  static void close() {
    running.close();
  }

  @Test
  void aControllerIsToldWhoCalls() throws Exception {
    Reply reply = running.get(running.client(WEB), running.uri(ORDERS));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).contains("\"caller\":\"" + WEB.spiffeId() + "\"");
  }

  @Test
  void ordersAsksPaymentsAsItselfAndNotAsItsCaller() throws Exception {
    Reply reply = running.get(running.client(WEB), SpringEdition.anOrder(running.shop()));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .contains("\"askedBy\":\"" + WEB.spiffeId() + "\"")
        .contains("\"payment\":{")
        .contains("\"status\":\"paid\"")
        .contains("\"askedBy\":\"" + ORDERS.spiffeId() + "\"");
  }

  @Test
  void whoShowsNothingIsChallenged() throws Exception {
    Reply reply = running.get(running.anonymous(WEB), running.uri(ORDERS));

    isRefused(reply, 401, Layer.IDENTITY, ORDERS, "NO_CREDENTIALS");
    assertThat(reply.values("WWW-Authenticate")).contains("Negotiate");
  }

  @Test
  void whoIsNotAmongTheAllowedCallersIsRefused() throws Exception {
    Reply reply = running.get(running.client(BATCH), running.uri(ORDERS));

    isRefused(reply, 403, Layer.CALLER, ORDERS, "NOT_ALLOWED");
  }

  @Test
  void aStolenCertificateIsRefusedWhereItComesFromAnotherPod() throws Exception {
    Reply reply = running.get(running.client(ORDERS, BATCH), running.uri(PAYMENTS));

    isRefused(reply, 403, Layer.BINDING, PAYMENTS, "WRONG_WORKLOAD");
  }

  @Test
  void whoHasNoPolicyIsRefused() throws Exception {
    Reply reply = running.get(running.client(BATCH), running.uri(PAYMENTS));

    isRefused(reply, 403, Layer.NETWORK, PAYMENTS, "POLICY_DENIES");
  }

  @Test
  void theOperatorIsToldWhoMayCallAndWhyAnotherMayNot() throws Exception {
    assertThat(running.operator(ORDERS, "/actuator/serviceidentity").body())
        .contains("\"serviceAccount\":\"shop/web\"")
        .contains("\"differ\":[\"shop/batch\"]");
    assertThat(running.operator(PAYMENTS, "/actuator/serviceidentity/shop/batch").body())
        .contains("\"verdict\":\"DENIED\"")
        .contains("payments-callers");
  }

  @Test
  void readinessIsAnsweredToWhomShowsNothing() throws Exception {
    var readiness = running.operator(PAYMENTS, "/actuator/health/readiness");

    assertThat(readiness.statusCode()).isEqualTo(200);
    assertThat(readiness.body()).contains("\"status\":\"UP\"");
  }

  @Test
  void callsGoOnWhileEveryCertificateIsReplaced() throws Exception {
    var ended = new AtomicBoolean();
    CompletableFuture<List<Integer>> calling =
        CompletableFuture.supplyAsync(() -> callUntil(ended));
    try {
      new Rotation(running.shop()).rotateAll();
    } finally {
      ended.set(true);
    }

    assertThat(calling.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).containsOnly(200);
  }

  /** At least once after the end, too. */
  private static List<Integer> callUntil(AtomicBoolean ended) {
    List<Integer> statuses = new ArrayList<>();
    boolean last;
    do {
      last = ended.get();
      statuses.add(status());
    } while (!last);
    return statuses;
  }

  private static int status() {
    try {
      return running.get(running.client(WEB), SpringEdition.anOrder(running.shop())).status();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The caller is told no more than the layer; the reason is in the service's own record. */
  private static void isRefused(Reply reply, int status, Layer layer, Member called, String reason)
      throws Exception {
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.values("Content-Type")).containsExactly("application/problem+json");
    assertThat(reply.body())
        .contains("\"status\":" + status)
        .contains("\"layer\":\"" + layer + "\"")
        .doesNotContain(reason);
    Matcher decision = DECISION.matcher(reply.body());
    assertThat(decision.find()).isTrue();
    AccessEvent event =
        running
            .shop()
            .service(called)
            .events()
            .await(each -> each.heading().id().equals(decision.group(1)), PATIENCE)
            .orElseThrow();
    assertThat(event.outcome().reason()).isEqualTo(reason);
  }
}
