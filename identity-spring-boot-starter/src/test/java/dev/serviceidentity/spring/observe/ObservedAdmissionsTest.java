// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.spring.ServiceIdentityAutoConfiguration;
import dev.serviceidentity.spring.web.IdentityWebAutoConfiguration;
import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.TestIdentity;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;

class ObservedAdmissionsTest {
  private static final String NAME = "serviceidentity.admission";
  private static final TestIdentity WEB = TestIdentity.of("spiffe://shop.example/ns/shop/sa/web");

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final ObservationRegistry observations = observations();

  @Test
  void eachAdmissionByTheFilterIsOneObservationWithDecisionAndReasonAlone() {
    observed()
        .run(
            context -> {
              get(context, "/orders", WEB);
              get(context, "/orders/7", WEB);
              get(context, "/orders", TestIdentity.of("spiffe://shop.example/ns/shop/sa/batch"));
              get(context, "/orders", null);
              get(context, "/health", null);

              assertThat(timed("admitted", "none").count()).isEqualTo(2);
              assertThat(timed("refused", "NOT_ALLOWED").count()).isEqualTo(1);
              assertThat(meters.find(NAME).timers().stream().mapToLong(Timer::count).sum())
                  .isEqualTo(4);
              // The handler of meters adds whether there was an exception.
              assertThat(meters.find(NAME).timers())
                  .flatMap(timer -> timer.getId().getTags())
                  .extracting(Tag::getKey)
                  .containsOnly("decision", "reason", "error");
            });
  }

  @Test
  void anAdmissionThatWaitsIsObservedOnceToo() {
    try (ServiceIdentity identity = orders()) {
      ServiceIdentity observed =
          ObservedIdentity.of(identity, observations, new AdmissionConvention() {});
      var nowhere = new InetSocketAddress("127.0.0.1", 1);

      observed.admitAsync(CallerEvidence.of(nowhere, nowhere)).toCompletableFuture().join();

      assertThat(meters.find(NAME).tag("decision", "refused").timer().count()).isEqualTo(1);
    }
  }

  @Test
  void theConventionOfTheApplicationCounts() {
    observed()
        .withBean(AdmissionConvention.class, Renamed::new)
        .run(
            context -> {
              get(context, "/orders", WEB);

              assertThat(meters.find("shop.admission").tag("who", "let in").timer().count())
                  .isEqualTo(1);
              assertThat(meters.find(NAME).timers()).isEmpty();
            });
  }

  @Test
  void withoutARegistryOrMicrometerNothingIsObserved() {
    service()
        .run(context -> assertThat(context).doesNotHaveBean("serviceIdentityAdmissionObserver"));
    service()
        .withClassLoader(new FilteredClassLoader(ObservationRegistry.class))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean("serviceIdentityAdmissionObserver"));
  }

  private Timer timed(String decision, String reason) {
    return meters.get(NAME).tag("decision", decision).tag("reason", reason).timer();
  }

  private WebApplicationContextRunner observed() {
    return service().withBean(ObservationRegistry.class, () -> observations);
  }

  private static WebApplicationContextRunner service() {
    return new WebApplicationContextRunner(AnnotationConfigServletWebServerApplicationContext::new)
        .withConfiguration(
            AutoConfigurations.of(
                ServiceIdentityAutoConfiguration.class,
                IdentityObserveAutoConfiguration.class,
                IdentityWebAutoConfiguration.class,
                TomcatServletWebServerAutoConfiguration.class,
                DispatcherServletAutoConfiguration.class,
                WebMvcAutoConfiguration.class))
        .withBean(ServiceIdentity.class, ObservedAdmissionsTest::orders)
        .withPropertyValues(
            "server.port=0",
            "server.address=127.0.0.1",
            "serviceidentity.web.public-paths=/health");
  }

  private static ServiceIdentity orders() {
    return ServiceIdentity.builder()
        .mechanism(FakeMechanism.of("spiffe://shop.example/ns/shop/sa/orders"))
        .trustIdentityAlone()
        .allow(AllowedCallers.serviceAccounts("shop/web"))
        .audit(new InMemorySink(100))
        .open();
  }

  private ObservationRegistry observations() {
    ObservationRegistry registry = ObservationRegistry.create();
    registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
    return registry;
  }

  private static void get(
      AssertableWebApplicationContext running, String path, @Nullable TestIdentity caller)
      throws Exception {
    int port =
        running
            .getSourceApplicationContext(AnnotationConfigServletWebServerApplicationContext.class)
            .getWebServer()
            .getPort();
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (caller != null) {
      caller.credentials().applyTo(request::header);
    }
    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.discarding());
  }

  private static final class Renamed implements AdmissionConvention {
    @Override
    public String getName() {
      return "shop.admission";
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(AdmissionContext context) {
      return KeyValues.of("who", "let in");
    }
  }
}
