// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.testkit.FakeMechanism;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What a {@code web.xml} names; containers make all of it by its name. */
public final class DescribedShop {
  private DescribedShop() {}

  /** Opens the identity before filters are made, and closes it after them. */
  public static final class Opening implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      event
          .getServletContext()
          .setAttribute(
              IdentityFilter.IDENTITY,
              ServiceIdentity.builder()
                  .mechanism(FakeMechanism.of("spiffe://shop.example/ns/shop/sa/orders"))
                  .trustIdentityAlone()
                  .allow(AllowedCallers.serviceAccounts("shop/web", "shop/batch"))
                  .open());
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
      ((ServiceIdentity) event.getServletContext().getAttribute(IdentityFilter.IDENTITY)).close();
    }
  }

  /** Sets what is no identity. */
  public static final class Mistaking implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      event.getServletContext().setAttribute(IdentityFilter.IDENTITY, "orders");
    }
  }

  /** Tells who calls, and where the query says so after an asynchronous dispatch. */
  public static final class Greeting extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String to = request.getParameter("to");
      if (to != null && request.getDispatcherType() == DispatcherType.REQUEST) {
        request.startAsync().dispatch(to);
      } else {
        response.getWriter().print("hello " + request.getRemoteUser());
      }
    }
  }
}
