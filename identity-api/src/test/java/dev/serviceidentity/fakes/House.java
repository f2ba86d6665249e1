// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.ServiceIdentityBuilder;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Reason;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * An identity of the service {@code shop/orders} with two fake mechanisms and a fake cluster, and
 * what it remembers. Opened with its first use.
 */
public final class House implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(60);

  public final SetClock clock = new SetClock();
  public final FakeMechanism kerberos = FakeMechanism.kerberos();
  public final FakeMechanism mtls = FakeMechanism.mtls();
  public final FakeNetwork network = new FakeNetwork();
  public final InMemorySink sink = new InMemorySink(20_000);
  private final ServiceIdentityBuilder builder;
  private ServiceIdentity identity;

  private House() {
    builder =
        ServiceIdentity.builder()
            .mechanism(kerberos.provider())
            .mechanism(mtls.provider())
            .network(runtime -> network)
            .audit(sink)
            .clock(clock)
            // Long, so that a slow machine fails no test; tests of the timeout set their own.
            .admissionTimeout(LONG);
  }

  public static House standing() {
    return with(builder -> {});
  }

  public static House with(Consumer<ServiceIdentityBuilder> change) {
    var house = new House();
    change.accept(house.builder);
    try {
      house.builder.allowAnyAuthenticated();
    } catch (IllegalStateException allowed) {
      // The test has said itself who may call.
    }
    return house;
  }

  public ServiceIdentity identity() {
    if (identity == null) {
      identity = builder.open();
    }
    return identity;
  }

  public AccessDecision admit(CallerEvidence evidence) {
    return identity().admit(evidence);
  }

  public Admitted admits(CallerEvidence evidence) {
    AccessDecision decision = admit(evidence);
    assertThat(decision).as(decision.explanation()).isInstanceOf(Admitted.class);
    return (Admitted) decision;
  }

  public Refused refuses(CallerEvidence evidence, Layer layer, Reason reason) {
    return refused(admit(evidence), layer, reason);
  }

  public static Refused refused(AccessDecision decision, Layer layer, Reason reason) {
    assertThat(decision).as(decision.explanation()).isInstanceOf(Refused.class);
    Refused refused = (Refused) decision;
    assertThat(refused.layer()).as(decision.explanation()).isEqualTo(layer);
    assertThat(refused.reason()).as(decision.explanation()).isEqualTo(reason);
    assertThat(refused.httpStatus()).isEqualTo(reason.kind().httpStatus());
    assertThat(refused.publicReason())
        .isEqualTo("refused at layer " + layer + ", decision " + refused.id());
    return refused;
  }

  /** The one event of a decision. */
  public AccessEvent event(AccessDecision decision) throws InterruptedException {
    return event(decision.id());
  }

  public AccessEvent event(String id) throws InterruptedException {
    AccessEvent found =
        sink.await(event -> event.heading().id().equals(id), LONG)
            .orElseThrow(() -> new AssertionError("no event " + id));
    assertThat(sink.events().stream().filter(event -> event.heading().id().equals(id))).hasSize(1);
    return found;
  }

  /** All events, once nothing more is to come. */
  public List<AccessEvent> closedEvents() {
    close();
    return sink.events();
  }

  @Override
  public void close() {
    if (identity != null) {
      identity.close();
    }
  }
}
