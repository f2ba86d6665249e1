// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.spring.roles.IdentityRolesAutoConfiguration;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import dev.serviceidentity.testkit.TestDecisions;
import dev.serviceidentity.testkit.TestIdentity;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

class IdentitySecurityAutoConfigurationTest {
  private final WebApplicationContextRunner running =
      new WebApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  IdentityRolesAutoConfiguration.class,
                  IdentitySecurityAutoConfiguration.class,
                  SecurityAutoConfiguration.class,
                  UserDetailsServiceAutoConfiguration.class))
          .withBean(
              ServiceIdentity.class,
              () -> FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders"));

  @Test
  void noChainOfFiltersIsRegistered() {
    running.run(
        context ->
            assertThat(context)
                .hasSingleBean(IdentityAuthenticationConverter.class)
                .hasSingleBean(CallerAuthorization.class)
                .doesNotHaveBean(SecurityFilterChain.class));
  }

  @Test
  void withoutUsersNobodyLogsInByAPasswordThatWasMadeUp() {
    running.run(
        context ->
            assertThat(context)
                .hasSingleBean(AuthenticationProvider.class)
                .doesNotHaveBean(UserDetailsService.class));
  }

  @Test
  void aUserOfPropertiesKeepsThePassword() {
    running
        .withPropertyValues("spring.security.user.name=admin")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(AuthenticationProvider.class)
                    .hasSingleBean(UserDetailsService.class));
  }

  @Test
  void usersOfTheApplicationKeepTheirPasswords() {
    running
        .withBean(
            UserDetailsService.class,
            () -> new InMemoryUserDetailsManager(User.withUsername("a").password("b").build()))
        .run(context -> assertThat(context).doesNotHaveBean(AuthenticationProvider.class));
  }

  @Test
  void eachChainGetsAConfigurerOfItsOwn() {
    running.run(
        context ->
            assertThat(context.getBean(IdentitySecurityConfigurer.class))
                .isNotSameAs(context.getBean(IdentitySecurityConfigurer.class)));
  }

  @Test
  void whatTheApplicationHasIsUsed() {
    running
        .withBean(CallerAuthorities.class, () -> admitted -> List.of())
        .withBean(IdentityEntryPoint.class, IdentityEntryPoint::new)
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(CallerAuthorities.class)
                    .hasSingleBean(IdentityEntryPoint.class));
  }

  @Test
  void withoutSpringSecurityThereIsNothing() {
    running
        .withClassLoader(new FilteredClassLoader(HttpSecurity.class))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(IdentityAuthenticationConverter.class));
  }

  @Test
  void aRoleOfNobodyIsAMistakeThatSaysWhatToSet() {
    running
        .withPropertyValues("serviceidentity.authorization.roles.operator.principals=")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("serviceidentity.authorization.roles.operator"));
  }

  @Test
  void whoeverIsAuthenticatedOtherwiseIsNoCaller() {
    var password = new TestingAuthenticationToken("admin", "password", "ROLE_operator");

    assertThat(CallerAuthorization.admitted().authorize(() -> password, "").isGranted()).isFalse();
  }

  @Test
  void aSessionCannotKeepACaller() {
    var caller =
        CallerAuthentication.of(
            TestDecisions.admitted(TestIdentity.of("kerberos:alice@SHOP.EXAMPLE")), List.of());

    assertThatThrownBy(
            () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(caller))
        .isInstanceOf(NotSerializableException.class);
  }
}
