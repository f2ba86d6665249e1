// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.House.refused;
import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.fakes.FakeMechanism;
import dev.serviceidentity.fakes.FakeNetwork;
import dev.serviceidentity.fakes.FakeReason;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.spi.RefusedHandshake;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("An identity")
class OpeningAndClosingTest {
  private final List<String> journal = Collections.synchronizedList(new ArrayList<>());
  private final FakeMechanism kerberos =
      FakeMechanism.kerberos().closing(() -> journal.add("close kerberos"));
  private final FakeMechanism mtls = FakeMechanism.mtls().closing(() -> journal.add("close mtls"));
  private final FakeNetwork network = new FakeNetwork().closing(() -> journal.add("close network"));
  private final WatchedSink sink = new WatchedSink();

  /** Knows whether it was closed, and by which thread. */
  private static final class WatchedSink implements AuditSink {
    private final AtomicInteger closes = new AtomicInteger();
    private final AtomicReference<Thread> closer = new AtomicReference<>();

    @Override
    public void accept(AccessEvent event) {}

    @Override
    public void close() {
      closes.incrementAndGet();
      closer.set(Thread.currentThread());
    }
  }

  /** Is there, and no more. */
  private static final class NoTls implements TlsMaterial {
    @Override
    public SSLContext sslContext() {
      throw new UnsupportedOperationException();
    }

    @Override
    public X509ExtendedKeyManager keyManager() {
      throw new UnsupportedOperationException();
    }

    @Override
    public X509ExtendedTrustManager trustManager() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SSLParameters clientParameters() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SSLParameters serverParameters() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void opensItsPartsInOrderAndClosesThemInReverse() {
    ServiceIdentity identity = builder().open();
    assertThat(journal).containsExactly("open kerberos", "open mtls", "open network");
    identity.close();
    assertThat(journal.subList(3, 6))
        .containsExactly("close network", "close mtls", "close kerberos");
    assertThat(sink.closes).hasValue(1);
    assertThat(kerberos.runtime().scheduler().isShutdown()).isTrue();
  }

  @Test
  void closesEachPartOnce() {
    ServiceIdentity identity = builder().open();
    identity.close();
    identity.close();
    assertThat(kerberos.closes()).isEqualTo(1);
    assertThat(network.closes()).isEqualTo(1);
    assertThat(sink.closes).hasValue(1);
  }

  @Test
  void closesTheOtherPartsIfOneCannotBeClosed() {
    network.closing(
        () -> {
          throw new IllegalStateException("stuck");
        });
    builder().open().close();
    assertThat(journal).contains("close mtls", "close kerberos");
    assertThat(kerberos.runtime().scheduler().isShutdown()).isTrue();
  }

  @Test
  void doesNotCloseWhatSomebodyElseOpened() {
    ServiceIdentity.builder()
        .mechanism(kerberos)
        .network(network)
        .allowAnyAuthenticated()
        .audit(sink)
        .open()
        .close();
    assertThat(kerberos.closes()).isZero();
    assertThat(network.closes()).isZero();
    assertThat(sink.closes).hasValue(1);
  }

  @ParameterizedTest
  @MethodSource
  void leavesNothingOpenIfAPartFails(Consumer<OpeningAndClosingTest> broken, Throwable failure)
      throws InterruptedException {
    broken.accept(this);
    assertThatThrownBy(() -> builder().open()).isInstanceOf(failure.getClass());
    assertThat(kerberos.closes()).isEqualTo(1);
    assertThat(mtls.closes()).isEqualTo(journal.contains("open mtls") ? 1 : 0);
    assertThat(network.closes()).isEqualTo(journal.contains("open network") ? 1 : 0);
    assertThat(kerberos.runtime().scheduler().isShutdown()).isTrue();
    assertThat(sink.closes).hasValue(1);
    Thread closer = sink.closer.get();
    if (!closer.equals(Thread.currentThread())) {
      closer.join(60_000);
      assertThat(closer.isAlive()).isFalse();
    }
  }

  private Runnable beforeMtls = () -> {};
  private Runnable beforeNetwork = () -> {};

  static Stream<Arguments> leavesNothingOpenIfAPartFails() {
    var identity = new IdentityException(IdentityException.Code.AUTHORITY_UNREACHABLE, "no KDC");
    var state = new IllegalStateException("a bug");
    var error = new NoClassDefFoundError("org/example/Missing");
    var nothing = new NullPointerException();
    return Stream.of(
        breaking("mechanism refuses to open", identity, t -> t.beforeMtls = () -> raise(identity)),
        breaking("mechanism has a bug", state, t -> t.beforeMtls = () -> raise(state)),
        breaking("mechanism lacks a library", error, t -> t.beforeMtls = () -> raise(error)),
        breaking("network refuses to open", identity, t -> t.beforeNetwork = () -> raise(identity)),
        breaking("network has a bug", state, t -> t.beforeNetwork = () -> raise(state)),
        breaking("verifier is missing", nothing, t -> t.mtls.verifyingBy(() -> null)),
        breaking("verifier fails", state, t -> t.mtls.verifyingBy(() -> raise(state))),
        breaking("name is not ready", identity, t -> t.mtls.being(() -> raise(identity))),
        breaking("name fails", state, t -> t.mtls.being(() -> raise(state))));
  }

  @Test
  void isNotOpenedWithANetworkThatIsMissing() {
    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(
            () ->
                ServiceIdentity.builder()
                    .mechanism(mtls.provider())
                    .allowAnyAuthenticated()
                    .network(runtime -> null)
                    .open());
    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(
            () ->
                ServiceIdentity.builder()
                    .mechanism(mtls.provider())
                    .allowAnyAuthenticated()
                    .network((FakeNetwork) null));
  }

  @Test
  void isOpenedOnceByItsBuilder() {
    ServiceIdentityBuilder builder = builder();
    builder.open().close();
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(builder::open);
  }

  @Test
  void refusesEverythingOnceItIsClosed() {
    ServiceIdentity identity = builder().open();
    identity.close();
    refused(identity.admit(by(WEB_BY_KERBEROS)), Layer.IDENTITY, RefusalReason.CLOSED);
    refused(
        identity.admitAsync(by(WEB_BY_KERBEROS)).toCompletableFuture().join(),
        Layer.IDENTITY,
        RefusalReason.CLOSED);
    assertThat(identity.verify(by(WEB_BY_KERBEROS)))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(RefusalReason.CLOSED));
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> identity.credentialsFor(Target.of(URI.create("http://orders.shop"))))
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(IdentityException.Code.CLOSED));
  }

  @Test
  void isDownOnceItIsClosed() {
    ServiceIdentity identity = builder().open();
    assertThat(identity.health().status()).isEqualTo(Health.Status.UP);
    identity.close();
    assertThat(identity.health().status()).isEqualTo(Health.Status.DOWN);
  }

  @Test
  void givesTheCredentialsOfAllItsMechanisms() {
    try (ServiceIdentity identity = builder().open()) {
      List<String> fields = new ArrayList<>();
      identity
          .credentialsFor(Target.of(URI.create("http://orders.shop")))
          .applyTo((name, value) -> fields.add(name + ": " + value));
      assertThat(fields)
          .containsExactly("X-kerberos: HTTP/orders.shop:80", "X-mtls: HTTP/orders.shop:80");
      assertThat(identity.identities()).hasSize(2);
    }
  }

  @Test
  void saysThatNoneOfItsMechanismsIsOneOfTls() {
    try (ServiceIdentity identity = builder().open()) {
      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(identity::tls);
    }
  }

  @Test
  void givesTheMaterialOfTheMechanismThatIsOneOfTls() {
    TlsMaterial material = new NoTls();
    mtls.tls(material);
    try (ServiceIdentity identity = builder().open()) {
      assertThat(identity.tls()).isSameAs(material);
    }
  }

  @Test
  void takesARefusedHandshakeWhileItIsStillOpening() {
    var refused =
        new RefusedHandshake(MechanismName.MTLS, FakeReason.WRONG_PROOF, "expired", null, null);
    beforeNetwork = () -> mtls.runtime().handshakes().accept(refused);
    builder().open().close();
    assertThat(network.closes()).isEqualTo(1);
  }

  @Test
  void tellsWhyItCouldNotBeOpenedAlsoIfTheSinkCannotBeClosedEither() {
    beforeMtls = () -> raise(new IllegalStateException("a bug"));
    AuditSink stuck =
        new AuditSink() {
          @Override
          public void accept(AccessEvent event) {}

          @Override
          public void close() {
            throw new IllegalStateException("stuck");
          }
        };
    assertThatThrownBy(() -> builder().audit(stuck).open()).hasMessage("a bug");
    assertThat(kerberos.runtime().scheduler().isShutdown()).isTrue();
  }

  @Test
  void registersAListenerWithAllItsMechanismsOrWithNone() {
    List<String> registered = new ArrayList<>();
    kerberos.subscribing(
        listener -> {
          registered.add("kerberos");
          return () -> registered.remove("kerberos");
        });
    try (ServiceIdentity identity = builder().open()) {
      identity.subscribe(new IdentityListener() {}).close();
      assertThat(registered).isEmpty();
      mtls.subscribing(listener -> raise(new IllegalStateException("full")));
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> identity.subscribe(new IdentityListener() {}));
      assertThat(registered).isEmpty();
    }
  }

  @Test
  void livesBesideAnotherOneWithoutTouchingIt() {
    try (House one = House.standing();
        House other = House.standing()) {
      other.identity();
      one.admits(by(WEB_BY_KERBEROS));
      one.close();
      Admitted admitted = other.admits(by(WEB_BY_KERBEROS));
      assertThat(other.closedEvents()).extracting(e -> e.heading().id()).contains(admitted.id());
      assertThat(one.sink.events()).hasSize(1);
    }
  }

  private ServiceIdentityBuilder builder() {
    return ServiceIdentity.builder()
        .mechanism(kerberos.provider(() -> journal.add("open kerberos")))
        .mechanism(
            mtls.provider(
                () -> {
                  beforeMtls.run();
                  journal.add("open mtls");
                }))
        .network(
            runtime -> {
              beforeNetwork.run();
              journal.add("open network");
              return network;
            })
        .allowAnyAuthenticated()
        .audit(sink.closes.get() == 0 ? sink : new InMemorySink(1));
  }

  private static Arguments breaking(
      String what, Throwable failure, Consumer<OpeningAndClosingTest> how) {
    return Arguments.of(Named.of(what, how), failure);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // It stands for any function that fails.
  private static <T> T raise(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }
}
