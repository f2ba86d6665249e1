// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

class IdentityFilterTest {
  private final IdentityFilterBuilder builder =
      IdentityFilter.builder(FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders"));

  @Test
  void itIsRegisteredOnce() {
    ServletContext context = new ServletContextHandler().getServletContext();
    assertThat(builder.build().register(context)).isNotNull();

    assertThatIllegalStateException()
        .isThrownBy(() -> builder.build().register(context))
        .withMessageContaining("has a filter 'identity' already");
  }

  @Test
  void aBuiltOneTakesNoParameters() {
    var holder = new FilterHolder(builder.build());
    holder.setInitParameter("public-paths", "/health");
    var application = new ServletContextHandler();
    application.addFilter(holder, "/*", null);
    var server = new Server();
    server.setHandler(application);

    assertThatThrownBy(server::start)
        .hasStackTraceContaining("was built in the program, where [public-paths] have to be said");
  }

  @Test
  void oneThatWasNotStartedLetsNothingThrough() {
    var filter = new IdentityFilter();

    assertThatThrownBy(() -> filter.doFilter(null, null, null))
        .isInstanceOf(ServletException.class);
    assertThatIllegalStateException().isThrownBy(filter::rules);
  }

  @Test
  void otherProtocolsThanHttpAreNotLetThrough() {
    assertThatThrownBy(() -> builder.build().doFilter(null, null, null))
        .isInstanceOf(ServletException.class)
        .hasMessageContaining("HTTP");
  }

  @Test
  void aDeveloperProfileHasAName() {
    assertThatIllegalArgumentException().isThrownBy(() -> builder.developerProfile(" "));
  }

  @Test
  void theRolesOfTheSpecificationCannotBeGiven() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Roles.of(Map.of("**", AllowedCallers.nobody())));
  }
}
