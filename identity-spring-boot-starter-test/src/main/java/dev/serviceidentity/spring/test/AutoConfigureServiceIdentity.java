// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;

/**
 * Gives a test of controllers an identity in memory, which guards them by the application's own
 * rules: its {@code serviceidentity.allow.*} and {@code serviceidentity.web.*}, its beans of type
 * {@code AllowedCallers}, {@code PathRules} and {@code Roles}. The filter, the layers and what they
 * answer are the real ones; only the proofs are those of {@code TestIdentity}. No file, no cluster
 * and no network is touched.
 *
 * <pre>{@code
 * @WebMvcTest(OrdersController.class)
 * @AutoConfigureServiceIdentity("spiffe://shop.example/ns/shop/sa/orders")
 * class OrdersControllerTest {
 *   @Autowired MockMvcTester mvc;
 *
 *   @Test
 *   void webReadsAnOrder() {
 *     assertThat(mvc.get().uri("/orders/7").with(caller("spiffe://shop.example/ns/shop/sa/web")))
 *         .hasStatusOk();
 *   }
 *
 *   @Test
 *   void aStrangerReadsNothing() {
 *     assertThat(mvc.get().uri("/orders/7")).hasStatus(401);
 *   }
 * }
 * }</pre>
 *
 * <p>Where the test has a bean of type {@code ClusterNetwork}, such as a {@code FakeCluster} with
 * its own pod and binding, callers are bound to its pods and its policies are asked, too; without
 * one, identity alone is trusted.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ImportAutoConfiguration
@PropertyMapping("spring.test.serviceidentity")
public @interface AutoConfigureServiceIdentity {
  /**
   * Who the service is, by each mechanism that it verifies callers with: one of a trust domain
   * believes callers of that trust domain, one of a realm those of that realm.
   *
   * @return principals, of which no two are of one mechanism
   */
  @PropertyMapping("principals")
  String[] value();
}
