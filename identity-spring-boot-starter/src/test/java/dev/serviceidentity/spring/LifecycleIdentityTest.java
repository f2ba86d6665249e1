// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.testkit.FakeMechanism;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;

/** When the identity opens and closes, and what it says before and after that. */
class LifecycleIdentityTest {
  private final FakeMechanism.Builder mechanism =
      FakeMechanism.of("kerberos:HTTP/orders.shop@SHOP.EXAMPLE");

  @TempDir Path folder;

  @Test
  void nothingIsOpenWhileBeansAreMade() {
    AtomicReference<Object> early = new AtomicReference<>();
    fake()
        .withBean(
            "early",
            Object.class,
            () -> {
              early.set(mechanism.opened().size());
              return "";
            })
        .run(
            context -> {
              assertThat(early.get()).isEqualTo(0);
              assertThat(mechanism.opened()).hasSize(1);
            });
  }

  @Test
  void itIsOpenForEveryLifecycleOfTheApplicationAndItsWebServer() {
    fake()
        .run(
            context ->
                assertThat(context.getBean(LifecycleIdentity.class).getPhase())
                    .isLessThan(SmartLifecycle.DEFAULT_PHASE - 2048));
  }

  @Test
  void whoeverUsesItTooEarlyIsToldWhenToUseIt() {
    var closed = unopened();
    assertThatThrownBy(closed::identities)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("ApplicationRunner")
        .extracting("code")
        .isEqualTo(IdentityException.Code.NOT_READY);
    assertThat(closed.health().status()).isEqualTo(Health.Status.DOWN);
  }

  @Test
  void itClosesWithTheContext() {
    AtomicReference<ServiceIdentity> identity = new AtomicReference<>();
    IdentityContexts.orders(folder)
        .run(context -> identity.set(context.getBean(ServiceIdentity.class)));
    assertThatThrownBy(identity.get()::identities)
        .extracting("code")
        .isEqualTo(IdentityException.Code.CLOSED);
  }

  @Test
  void aContextThatDoesNotStartLeavesNothingOpen() {
    AtomicReference<ServiceIdentity> identity = new AtomicReference<>();
    IdentityContexts.orders(folder)
        .withBean("failing", FailingLifecycle.class, FailingLifecycle::new)
        .withInitializer(
            context -> context.getBeanFactory().addBeanPostProcessor(new Remembering(identity)))
        .run(context -> assertThat(context).hasFailed());
    assertThatThrownBy(identity.get()::identities)
        .extracting("code")
        .isEqualTo(IdentityException.Code.CLOSED);
  }

  @Test
  void aContextThatIsStoppedAndStartedAgainOpensANewOneBehindTheSameBean() {
    fake()
        .run(
            context -> {
              ServiceIdentity identity = context.getBean(ServiceIdentity.class);
              context.stop();
              context.start();
              assertThat(mechanism.opened()).hasSize(2);
              assertThat(identity.identities()).hasSize(1);
            });
  }

  @Test
  void listenersThatRegisteredBeforehandHearOfTheFirstCredentialAndOfLaterOnes() throws Exception {
    List<IdentitySnapshot> heard = new CopyOnWriteArrayList<>();
    fake()
        .withBean("listening", Registering.class, () -> new Registering(heard))
        .run(
            context -> {
              assertThat(heard).hasSize(1);
              mechanism.opened().get(0).rotate();
              HttpsCaller.await(() -> heard.size() + " heard", "2 heard");
            });
  }

  @Test
  void lazyInitialisationOpensItAllTheSame() {
    fake()
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .run(context -> assertThat(mechanism.opened()).hasSize(1));
  }

  @Test
  void tlsCanBeHadBeforehandAndIsTheOpenIdentitys() {
    var identity = unopenedWithTls();
    TlsMaterial early = identity.tls();
    assertThat(early.keyManager().getServerAliases("EC", null)).isNull();
    identity.start();
    try (identity) {
      assertThat(identity.tls()).isSameAs(early);
      assertThat(early.keyManager().getServerAliases("EC", null)).isNotEmpty();
      assertThat(early.sslContext().createSSLEngine().getSupportedProtocols()).contains("TLSv1.3");
      assertThat(early.serverParameters().getNeedClientAuth()).isTrue();
    }
  }

  private ApplicationContextRunner fake() {
    return IdentityContexts.plain()
        .withPropertyValues(
            "serviceidentity.network.mode=identity-alone", "serviceidentity.allow.nobody=true")
        .withBean(MechanismProvider.class, () -> mechanism);
  }

  private LifecycleIdentity unopened() {
    return of(mechanism);
  }

  private LifecycleIdentity unopenedWithTls() {
    HttpsCaller.certificate(DevelopmentCa.create("shop.example", Clock.systemUTC()), "orders")
        .writeTo(folder);
    return of(MtlsIdentity.builder().pemDirectory(folder).trustDomain("shop.example"));
  }

  private static LifecycleIdentity of(MechanismProvider provider) {
    return new LifecycleIdentity(
        () ->
            ServiceIdentity.builder()
                .mechanism(provider)
                .trustIdentityAlone()
                .allow(AllowedCallers.nobody())
                .open(),
        Clock.systemUTC());
  }

  /** Starts after everything else, and fails. */
  private static final class FailingLifecycle implements SmartLifecycle {
    @Override
    public void start() {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void stop() {}

    @Override
    public boolean isRunning() {
      return false;
    }
  }

  /** Knows the bean of a context that is not there any more. */
  private record Remembering(AtomicReference<ServiceIdentity> seen) implements BeanPostProcessor {
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      if (bean instanceof ServiceIdentity identity) {
        seen.set(identity);
      }
      return bean;
    }
  }

  /** Registers while beans are made. */
  private static final class Registering implements IdentityListener {
    private final List<IdentitySnapshot> heard;

    Registering(List<IdentitySnapshot> heard) {
      this.heard = heard;
    }

    @Autowired
    void registerWith(ServiceIdentity identity) {
      assertThat(identity.subscribe(this)).isNotNull();
    }

    @Override
    public void onRotated(IdentitySnapshot current) {
      heard.add(current);
    }
  }
}
