// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.spi.Backoff;
import io.grpc.Status;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting for a first SVID, not waiting for ever, and leaving nothing behind. */
class OpeningTest {
  @TempDir Path directory;
  private Workloads workloads;

  @BeforeEach
  void begin() {
    workloads = new Workloads(directory);
  }

  @AfterEach
  void close() throws Exception {
    workloads.close();
  }

  @Test
  void anSvidThatComesLateIsWaitedFor() throws Exception {
    AgentServer agent = workloads.agent("agent");
    agent.svids().saySilence();
    CompletableFuture<MtlsIdentity> opening = opening(agent.api());

    awaitCall(agent, "FetchX509SVID");
    agent.svids().send(Workloads.response(workloads.svid(Workloads.WEB)));

    assertThat(opening.get(60, TimeUnit.SECONDS).current().principal())
        .hasToString("mtls:" + Workloads.WEB);
  }

  @Test
  void aWorkloadThatIsRegisteredLateIsWaitedFor() throws Exception {
    AgentServer agent = workloads.agent("agent");
    CompletableFuture<MtlsIdentity> opening = opening(agent.api());

    awaitCall(agent, "FetchX509SVID");
    awaitCall(agent, "FetchX509SVID");
    agent.svids().send(Workloads.response(workloads.svid(Workloads.WEB)));

    assertThat(opening.get(60, TimeUnit.SECONDS).current().generation()).isEqualTo(1);
  }

  @Test
  void anAgentThatStartsLateIsWaitedFor() throws Exception {
    WorkloadApi api = WorkloadApi.at("unix://" + workloads.socket("agent"));
    CompletableFuture<MtlsIdentity> opening = opening(api);

    AgentServer agent = workloads.agent("agent");
    agent.svids().send(Workloads.response(workloads.svid(Workloads.WEB)));

    assertThat(opening.get(60, TimeUnit.SECONDS).current().generation()).isEqualTo(1);
  }

  @Test
  void anAgentThatSaysNothingIsNamed() throws Exception {
    AgentServer agent = workloads.agent("agent");
    agent.svids().saySilence();

    workloads.openTimeout = Duration.ofSeconds(1);
    assertThatThrownBy(() -> workloads.open(agent))
        .hasMessageContaining("There was no X.509-SVID from " + agent.api() + " within 1 s")
        .hasMessageContaining("has taken the connection and says nothing; see its log");
  }

  @Test
  void aWorkloadThatIsNotRegisteredIsToldSo() throws Exception {
    AgentServer agent = workloads.agent("agent");

    failsToOpen(agent.api(), Code.REFUSED)
        .hasMessageContaining("has no registration entry for this process; register the workload");
  }

  @Test
  void aMissingSocketIsNamed() throws Exception {
    WorkloadApi api = WorkloadApi.at("unix://" + workloads.socket("nobody"));

    failsToOpen(api, Code.AUTHORITY_UNREACHABLE)
        .hasMessageContaining(api + " cannot be reached (UNAVAILABLE")
        .hasMessageContaining("is the agent running, its socket mounted here")
        .message()
        .doesNotContain("asked again");
  }

  @Test
  void onceInUseItSaysThatItIsAskedAgain() {
    WorkloadApi api = WorkloadApi.at("unix:///run/api.sock");
    var latest =
        new Latest<Latest.Update>("SVID", (message, earlier) -> () -> null, workloads.clock);
    var why = new IdentityException(Code.AUTHORITY_UNREACHABLE, api + " cannot be reached");

    latest.received(new byte[0]);
    latest.failed(why);

    assertThat(latest.trouble().cause())
        .hasMessage(api + " cannot be reached (it is asked again by itself)")
        .hasCause(why);
  }

  @Test
  void whoeverSeesAnUpdateHearsOfNoTroubleThatItEnded() {
    var updates = new ArrayDeque<Latest.Update>();
    var latest =
        new Latest<Latest.Update>("SVID", (message, before) -> updates.remove(), workloads.clock);
    Latest.Update first = () -> null;
    var seenMeanwhile = new AtomicReference<Latest.Update>();
    updates.add(first);
    updates.add(
        () -> {
          seenMeanwhile.set(latest.good());
          return null;
        });

    latest.received(new byte[0]);
    latest.failed(new IdentityException(Code.AUTHORITY_UNREACHABLE, "away"));
    latest.received(new byte[0]);

    assertThat(seenMeanwhile).hasValue(first);
    assertThat(latest.trouble()).isNull();
  }

  @Test
  void whatIsNoWorkloadApiIsToldSo() throws Exception {
    AgentServer agent = workloads.agent("agent");
    agent.svids().fail(Status.UNIMPLEMENTED);

    failsToOpen(agent.api(), Code.CONFIGURATION)
        .hasMessageContaining("let the address be that of a SPIFFE Workload API");
  }

  @Test
  void anEmptyFirstAnswerIsToldSo() throws Exception {
    AgentServer agent = workloads.agent("agent");
    agent.svids().send(X509SVIDResponse.getDefaultInstance());

    failsToOpen(agent.api(), Code.REFUSED).hasMessageContaining("has sent no SVID");
  }

  @Test
  void anSvidThatWasNamedAndIsNotSentIsToldSo() throws Exception {
    AgentServer agent = workloads.agentOf(Workloads.WEB);

    failsToOpen(agent.api(), new SvidChoice("shop.example", Workloads.ORDERS), Code.REFUSED)
        .hasMessageContaining(
            "has sent no SVID for " + Workloads.ORDERS + " but for '" + Workloads.WEB + "'");
  }

  @Test
  void onlyTheIdOfAWorkloadCanBeNamed() {
    SpiffeSource source = SpiffeSource.of(WorkloadApi.at("unix:///run/api.sock"));

    assertThatThrownBy(() -> source.svid("spiffe://shop.example"))
        .hasMessageContaining("is a trust domain; a workload's ID has a path");
    assertThatThrownBy(() -> source.svid("web")).hasMessageContaining("is no SPIFFE ID");
    assertThat(source).hasToString("SpiffeSource[unix:///run/api.sock]");
  }

  @Test
  void anAgentThatTakesAConnectionAndIsStuckIsAskedOnAnother() throws Exception {
    AgentServer server = workloads.agent("agent");
    server.svids().saySilence();
    Agent agent = workloads.closing(new Agent(server.api()));
    var told = new Told();
    var backoff = new Backoff(Duration.ofMillis(1), Duration.ofMillis(2), new Random(1));

    new UpdateStream(agent, ApiMethod.X509_SVID, Duration.ofMillis(50), backoff, told).start();

    for (int i = 0; i < 3; i++) {
      awaitCall(server, "FetchX509SVID");
      assertThat(told.failures.poll(60, TimeUnit.SECONDS))
          .hasMessageContaining("says no more: 'there was no answer within PT0.05S'");
    }
  }

  @Test
  void closingEndsTheStreamAndTheThread() throws Exception {
    AgentServer server = workloads.agentOf(Workloads.WEB);
    Agent agent = new Agent(server.api());
    var thread = new CompletableFuture<Thread>();
    agent.execute(() -> thread.complete(Thread.currentThread()));
    var told = new Told();
    UpdateStream.start(agent, ApiMethod.X509_SVID, new Random(1), told);
    assertThat(told.messages.poll(60, TimeUnit.SECONDS)).isNotEmpty();

    agent.close();
    agent.close();

    Thread loop = thread.get(60, TimeUnit.SECONDS);
    loop.join(60_000);
    assertThat(loop.isAlive()).isFalse();
    assertThat(loop.isDaemon()).isTrue();
    assertThat(loop.getName()).isEqualTo("identity-spiffe");
    assertThat(told.failures).isEmpty();
    assertThat(server.svids().awaitLeaving()).isTrue();
    assertThatThrownBy(() -> agent.execute(() -> {})).hasMessageContaining("was closed");
  }

  private CompletableFuture<MtlsIdentity> opening(WorkloadApi api) {
    return CompletableFuture.supplyAsync(() -> workloads.open(SpiffeSource.of(api)));
  }

  private AbstractThrowableAssert<?, ?> failsToOpen(WorkloadApi api, Code code)
      throws InterruptedException {
    return failsToOpen(api, new SvidChoice("shop.example", null), code);
  }

  /** As opening does, but gives up once it is known what is wrong, however long that takes. */
  private AbstractThrowableAssert<?, ?> failsToOpen(WorkloadApi api, SvidChoice choice, Code code)
      throws InterruptedException {
    var latest = new Latest<>("SVID", new SvidReader(api, choice), workloads.clock);
    var known = new CountDownLatch(1);
    latest.onChange(
        () -> {
          if (latest.trouble() != null) {
            known.countDown();
          }
        });
    UpdateStream.start(
        workloads.closing(new Agent(api)), ApiMethod.X509_SVID, new Random(1), latest);
    assertThat(known.await(60, TimeUnit.SECONDS)).isTrue();
    return assertThatThrownBy(() -> latest.await(Duration.ofMillis(1)))
        .isInstanceOfSatisfying(IdentityException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static void awaitCall(AgentServer agent, String method) throws InterruptedException {
    assertThat(agent.calls().poll(60, TimeUnit.SECONDS)).isEqualTo(method);
  }

  private static final class Told implements Receiver {
    private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<IdentityException> failures = new LinkedBlockingQueue<>();

    @Override
    public void received(byte[] message) {
      messages.add(message);
    }

    @Override
    public void failed(IdentityException why) {
      failures.add(why);
    }
  }
}
