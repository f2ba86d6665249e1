// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.jakarta.Container.Application;
import dev.serviceidentity.jakarta.Container.Setup;
import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.TestIdentity;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A container with an application, which is stopped when a test has ended. */
abstract class ContainerContract {
  static final TestIdentity WEB = TestIdentity.of("spiffe://shop.example/ns/shop/sa/web");
  static final TestIdentity ALICE = TestIdentity.of("kerberos:alice@SHOP.EXAMPLE");
  static final TestIdentity BATCH = TestIdentity.of("spiffe://shop.example/ns/shop/sa/batch");
  static final PathRules RULES =
      PathRules.builder()
          .publicPath("/public/**")
          .path("/admin/**", AccessRule.usual().allow(AllowedCallers.principals(ALICE.toString())))
          .build();

  @TempDir Path folder;
  final Servlets servlets = new Servlets();
  final AtomicInteger judged = new AtomicInteger();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  abstract Container launch(Setup setup, LocalTls tls) throws Exception;

  /** The service {@code orders}, which web and alice may call. */
  final ServiceIdentity orders() {
    return orders(AllowedCallers.principals(WEB.toString(), ALICE.toString()));
  }

  final ServiceIdentity orders(AllowedCallers callers) {
    ServiceIdentity orders =
        ServiceIdentity.builder()
            .mechanism(FakeMechanism.of("spiffe://shop.example/ns/shop/sa/orders"))
            .mechanism(FakeMechanism.of("kerberos:HTTP/orders.shop@SHOP.EXAMPLE"))
            .trustIdentityAlone()
            .allow(callers)
            .open();
    open.push(orders);
    return orders;
  }

  final IdentityFilterBuilder filter(ServiceIdentity identity) {
    var sockets = new SocketEvidence();
    return IdentityFilter.builder(identity)
        .rules(RULES)
        .evidence(
            request -> {
              judged.incrementAndGet();
              return sockets.of(request);
            });
  }

  final Wire start(IdentityFilterBuilder filter) throws Exception {
    return start("", false, filter);
  }

  final Wire start(String contextPath, boolean lenient, IdentityFilterBuilder filter)
      throws Exception {
    Application application =
        context -> {
          filter.build().register(context);
          servlets.addTo(context);
        };
    return start(new Setup(contextPath, lenient, application, folder));
  }

  final Wire start(Setup setup) throws Exception {
    LocalTls tls = LocalTls.create();
    Container started = launch(setup, tls);
    open.push(started);
    return new Wire(tls.context(), started.port());
  }

  @AfterEach
  final void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }
}
