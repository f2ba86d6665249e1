// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class, or one test method, the kit's parameters: {@link Identity}, {@link Kdc},
 * {@link Cluster}, and the {@code TestClock}. Each {@link Identity} goes by that clock; a KDC goes
 * by the system's, and so do its tickets.
 *
 * <pre>{@code
 * @ServiceIdentityTest
 * class OrdersTest {
 *   @Test
 *   void batchMayNotCall(
 *       @Identity("spiffe://shop.example/ns/shop/sa/orders") FakeMechanism own,
 *       @Identity("spiffe://shop.example/ns/shop/sa/batch") TestIdentity batch) {
 *     try (var orders = Orders.identity(own)) {
 *       assertThat(orders.admit(batch.evidence())).isRefusedFor(RefusalReason.NOT_ALLOWED);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>What is injected belongs to where it is asked for and is closed when that ends: a parameter of
 * a test method, or of the constructor that makes its instance, to that one test; one of
 * {@code @BeforeAll}, or of the constructor of a class with one instance, to the class. An equal
 * annotation further in shares what is already there. Nothing is static and no system property is
 * set, so tests run in parallel.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ParameterKinds.class)
public @interface ServiceIdentityTest {}
