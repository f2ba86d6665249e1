// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.spring.IdentityContexts;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

/** A reactive application has no filter, and does not start as if it had one. */
class ReactiveApplicationTest {
  @TempDir Path folder;

  @Test
  void itDoesNotStartUnguarded() {
    refused(IdentityContexts.configured(IdentityContexts.reactive(), folder));
  }

  @Test
  void norWithLazyBeansOrAnIdentityOfItsOwn() {
    refused(
        IdentityContexts.reactive()
            .withBean(ServiceIdentity.class, ReactiveApplicationTest::orders)
            .withPropertyValues("spring.main.lazy-initialization=true"));
  }

  @Test
  void itStartsIfItSaysThatItAsksTheIdentityItself() {
    IdentityContexts.configured(IdentityContexts.reactive(), folder)
        .withPropertyValues("serviceidentity.web.enabled=false")
        .run(context -> assertThat(context).hasSingleBean(ServiceIdentity.class));
  }

  @Test
  void itStartsWithoutAnIdentity() {
    IdentityContexts.reactive()
        .withPropertyValues("serviceidentity.enabled=false")
        .run(context -> assertThat(context).hasNotFailed());
  }

  private static void refused(ReactiveWebApplicationContextRunner runner) {
    runner.run(
        context ->
            assertThat(context.getStartupFailure())
                .hasStackTraceContaining("serviceidentity.web.enabled: ")
                .hasStackTraceContaining("reactive"));
  }

  private static ServiceIdentity orders() {
    return FakeServiceIdentity.of("mtls:spiffe://shop.example/ns/shop/sa/orders");
  }
}
