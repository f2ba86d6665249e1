// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springmachine;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.samples.shop.Member;
import dev.serviceidentity.samples.shop.Place;
import dev.serviceidentity.samples.shop.ShopService;
import java.net.URI;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * A Spring Boot service as it is, where it runs on one machine: with the properties of
 * machine.properties, and calling from its pod's address.
 *
 * @param place where it runs
 * @param context the running application
 */
record SpringService(Place place, ConfigurableApplicationContext context) implements ShopService {
  static SpringService start(SpringApplicationBuilder application, Place place) {
    return new SpringService(
        place,
        application
            .registerShutdownHook(false)
            .initializers(context -> register((GenericApplicationContext) context, place))
            .run(arguments(place).toArray(String[]::new)));
  }

  @Override
  public Member member() {
    return place.member();
  }

  @Override
  public ServiceIdentity identity() {
    return context.getBean(ServiceIdentity.class);
  }

  @Override
  public InMemorySink events() {
    return place.events();
  }

  @Override
  public URI uri() {
    return URI.create(
        "https://"
            + host()
            + ":"
            + context.getEnvironment().getProperty("local.server.port")
            + "/"
            + member());
  }

  /** Where its actuator answers. */
  String management() {
    return "http://" + host() + ":" + context.getEnvironment().getProperty("local.management.port");
  }

  @Override
  public void close() {
    context.close();
  }

  private String host() {
    return member().address().getHostAddress();
  }

  private static void register(GenericApplicationContext context, Place place) {
    context.registerBean("shopEvents", AuditSink.class, place::audit);
    context.registerBean(
        "podAddress",
        ClientHttpRequestFactoryBuilder.class,
        () -> new PodRequests(place.member().address()));
  }

  /** What machine.properties leaves open. */
  private static List<String> arguments(Place place) {
    Member member = place.member();
    return List.of(
        "--spring.config.import=classpath:machine.properties",
        "--machine.address=" + member.address().getHostAddress(),
        "--machine.port=" + place.manifests().port(),
        "--machine.pod=" + member.account().namespace() + "/" + member.podName(),
        "--machine.principal=" + member.kerberosPrincipal(),
        "--machine.certificates=" + place.certificates(),
        "--machine.keytab=" + place.keytab(),
        "--machine.krb5-conf=" + place.authorities().krb5Conf(),
        "--machine.manifests=" + place.manifests().directory());
  }
}
